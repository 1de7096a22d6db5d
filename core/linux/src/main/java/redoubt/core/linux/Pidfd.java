package redoubt.core.linux;

import java.util.Optional;

/// A process that cannot be mistaken for a later one with the same number.
///
/// May be shared by threads; none may use it after [#close()].
public final class Pidfd implements AutoCloseable {
  private final OwnedDescriptor descriptor;

  /// Takes over an open pidfd.
  Pidfd(int descriptor) {
    this.descriptor = new OwnedDescriptor(descriptor);
  }

  /// Opens a process (a thread group leader), dead but unreaped ones included.
  ///
  /// @return empty if there is no such process
  /// @throws LinuxException EMFILE and other lack of resources
  public static Optional<Pidfd> open(int pid) {
    int result = SystemCall.PIDFD_OPEN.call(pid, 0);
    if (result == -Errno.ESRCH || result == -Errno.EINVAL) {
      return Optional.empty();
    }
    return Optional.of(new Pidfd(SystemCall.PIDFD_OPEN.require(result, "pid=" + pid)));
  }

  /// Opens a process that was seen before, and no later one with its number.
  ///
  /// @param uniqueId what [#uniqueId] said of it
  /// @return empty if it has ended, or `uniqueId` is 0: then nothing tells it from a later one
  /// @throws LinuxException as [#open(int)]
  public static Optional<Pidfd> open(int pid, long uniqueId) {
    Optional<Pidfd> found = uniqueId == 0 ? Optional.empty() : open(pid);
    return found.flatMap(process -> {
      if (process.uniqueId() == uniqueId) {
        return found;
      }
      process.close();
      return Optional.empty();
    });
  }

  /// Sends a signal to the process behind any pidfd. Allocates nothing.
  ///
  /// @param signal one of [Signals]' constants, or 0 to ask only whether it could be sent
  /// @return 0 or a negative [Errno] value: ESRCH if the process is gone
  public static int signal(int pidfd, int signal) {
    return SystemCall.PIDFD_SEND_SIGNAL.call(pidfd, signal, 0, 0);
  }

  /// As [#signal(int, int)] for this process.
  public int signal(int signal) {
    return signal(descriptor.number(), signal);
  }

  /// As [ProcessStatus#uniqueId(int)].
  public long uniqueId() {
    return ProcessStatus.uniqueId(descriptor.number());
  }

  /// Waits until the process has ended.
  ///
  /// @param timeoutMillis how long at most; 0 asks only, -1 waits for ever
  /// @return whether it has ended
  public boolean awaitExit(int timeoutMillis) {
    return DescriptorWait.await(descriptor.number(), DescriptorWait.POLLIN, timeoutMillis) > 0;
  }

  /// The descriptor, readable once the process has ended.
  public int descriptor() {
    return descriptor.number();
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
