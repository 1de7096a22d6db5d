package redoubt.core.linux;

/// A set-up call that the kernel refused; the message reads `fanotify_mark failed: errno=EINVAL
/// path=/proc`.
public final class LinuxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;

  /// @param call the system call
  /// @param errno the positive error number
  /// @param details `name=value` words, or empty
  public LinuxException(String call, int errno, String details) {
    super(call + " failed: errno=" + Errno.name(errno) + (details.isEmpty() ? "" : " " + details));
    this.call = call;
    this.errno = errno;
  }

  /// The system call, such as `fanotify_init`.
  public String call() {
    return call;
  }

  /// The positive error number, one of [Errno]'s where it has a constant.
  public int errno() {
    return errno;
  }
}
