package redoubt.core.model;

/// One content of one file: two equal identities mean the same bytes, on a local file system that
/// keeps change times (see `docs/limitations.md` for those that do not).
///
/// Unprivileged users cannot set a change time, and the birth time tells a reused inode number from
/// the file that had it before.
///
/// @param device the kernel's device number, major in the upper 32 bits, minor in the lower
/// @param inode the inode number
/// @param changeNanos the change time (ctime), nanoseconds since the epoch
/// @param modifyNanos the modification time (mtime), nanoseconds since the epoch
/// @param birthNanos the birth time (btime), nanoseconds since the epoch, 0 where the file system
///   keeps none
/// @param sizeBytes the size
public record FileIdentity(
    long device, long inode, long changeNanos, long modifyNanos, long birthNanos, long sizeBytes) {
  /// Older kernels stamp files with a clock that ticks every 4 to 10 ms (`linux-hooks`, F32).
  private static final long YOUNG_NANOS = 20_000_000L;

  /// Whether the change time is so old that a later change bears another one: only then does the
  /// identity stand for the bytes from now on.
  ///
  /// @param wallNanos the wall clock now, in nanoseconds since the epoch
  public boolean isSettled(long wallNanos) {
    return changeNanos <= wallNanos - YOUNG_NANOS;
  }
}
