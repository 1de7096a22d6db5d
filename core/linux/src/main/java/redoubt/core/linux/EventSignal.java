package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// A flag that one thread raises and others see through a [Poller] (`eventfd`).
///
/// May be shared by threads; none may use it after [#close()]. Nothing allocates after
/// construction.
public final class EventSignal implements AutoCloseable {
  private static final int EFD_CLOEXEC_NONBLOCK = 0x80000 | 0x800;

  private final OwnedDescriptor descriptor;

  private EventSignal(int descriptor) {
    this.descriptor = new OwnedDescriptor(descriptor);
  }

  /// A new flag, not raised.
  ///
  /// @throws LinuxException EMFILE and other lack of resources
  public static EventSignal open() {
    return new EventSignal(
        SystemCall.EVENTFD2.require(SystemCall.EVENTFD2.call(0, EFD_CLOEXEC_NONBLOCK), ""));
  }

  /// The descriptor, readable while the flag is raised.
  public int descriptor() {
    return descriptor.number();
  }

  /// Raises the flag; never blocks.
  ///
  /// @return 0 or a negative [Errno] value
  public int raise() {
    MemorySegment scratch = CallState.current().scratch();
    scratch.set(JAVA_LONG, 0, 1);
    int result = SystemCall.WRITE.call(descriptor.number(), scratch.address(), Long.BYTES);
    return result == -Errno.EAGAIN ? 0 : Math.min(0, result); // EAGAIN: raised 2^64-2 times already
  }

  /// Lowers the flag; never blocks.
  ///
  /// @return 0, also if it was down, or a negative [Errno] value
  public int drain() {
    MemorySegment scratch = CallState.current().scratch();
    int result = SystemCall.READ.call(descriptor.number(), scratch.address(), Long.BYTES);
    return result == -Errno.EAGAIN ? 0 : Math.min(0, result);
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
