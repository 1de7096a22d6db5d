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
    long device, long inode, long changeNanos, long modifyNanos, long birthNanos, long sizeBytes) {}
