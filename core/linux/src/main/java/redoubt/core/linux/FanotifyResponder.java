package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Answers permission events of a group.
///
/// One per thread; not thread-safe, though it may be made by another thread. Any thread may answer
/// any event. Allocates nothing after construction.
public final class FanotifyResponder implements AutoCloseable {
  /// `struct fanotify_response`.
  static final int RESPONSE_BYTES = 8;

  static final int FD = 0;
  static final int RESPONSE = 4;

  private static final int FAN_ALLOW = 1;
  private static final int FAN_DENY = 2;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment response = arena.allocate(RESPONSE_BYTES, Integer.BYTES);
  private final int group;

  /// A responder that answers events of this group only.
  public FanotifyResponder(FanotifyGroup group) {
    this.group = group.descriptor();
  }

  /// Lets the opener go on or fail with EPERM. The event's descriptor stays open and must not have
  /// been closed before: its number is how the kernel knows the event.
  ///
  /// @return 0, or a negative [Errno] value: ENOENT if nobody waits for this descriptor (it was
  ///   answered, or the opener was killed). After any other error the opener still waits.
  public int answer(int eventDescriptor, boolean allow) {
    response.set(JAVA_INT, FD, eventDescriptor);
    response.set(JAVA_INT, RESPONSE, allow ? FAN_ALLOW : FAN_DENY);
    return Math.min(0, SystemCall.WRITE.call(group, response.address(), RESPONSE_BYTES));
  }

  @Override
  public void close() {
    arena.close();
  }
}
