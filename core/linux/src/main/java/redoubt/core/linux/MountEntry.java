package redoubt.core.linux;

/// One line of `/proc/PID/mountinfo`.
///
/// @param id the mount's number, used again after it is gone
/// @param parentId the mount it is on
/// @param device the device number, major in the upper 32 bits, minor in the lower
/// @param root the directory of the file system that this mount shows
/// @param mountPoint where it is, as seen by the process whose table this is
/// @param type the file system's type, such as `ext4` or `fuse.sshfs`
/// @param source what is mounted, such as `/dev/sda1`; empty if the file system names nothing
/// @param options the mount's own options, comma-separated, such as `rw,nosuid`
/// @param superOptions the file system's options, comma-separated
public record MountEntry(
    int id,
    int parentId,
    long device,
    String root,
    String mountPoint,
    String type,
    String source,
    String options,
    String superOptions) {
  /// Whether a program of this host serves it (FUSE), which may never answer: see [ServedMounts].
  public boolean isServed() {
    return type.equals("fuse") || type.equals("fuseblk") || type.startsWith("fuse.");
  }
}
