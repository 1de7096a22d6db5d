package redoubt.core.linux;

/// A read lease on an open file (`F_SETLEASE`): proof that nobody has it open for writing, and a
/// promise that a writer waits until we let go.
///
/// While a lease is held, an open for writing or a truncation blocks, up to
/// `/proc/sys/fs/lease-break-time` seconds, and the kernel raises `SIGIO` here, which ends a
/// process that does not ignore it: call [Signals#ignore(int)] first. Any thread may call; nothing
/// allocates.
public final class FileLease {
  private static final int F_SETLEASE = 1024;
  private static final int F_GETLEASE = 1025;
  private static final int F_RDLCK = 0;
  private static final int F_UNLCK = 2;

  private FileLease() {}

  /// Takes a read lease.
  ///
  /// @param descriptor a regular file, open read-only
  /// @return 0, or a negative [Errno] value: EAGAIN if the file is open for writing anywhere
  ///   (shared writable mappings included), EACCES without `CAP_LEASE` on another user's file,
  ///   EINVAL on file systems that give no leases
  public static int take(int descriptor) {
    return SystemCall.FCNTL.call(descriptor, F_SETLEASE, F_RDLCK);
  }

  /// Whether the lease is still held and nobody waits for it to be released. False from the moment
  /// at which a writer asks, before that writer can change anything.
  public static boolean held(int descriptor) {
    return SystemCall.FCNTL.call(descriptor, F_GETLEASE) == F_RDLCK;
  }

  /// Releases the lease; a writer that waits goes on.
  ///
  /// @return 0 or a negative [Errno] value
  public static int release(int descriptor) {
    return SystemCall.FCNTL.call(descriptor, F_SETLEASE, F_UNLCK);
  }
}
