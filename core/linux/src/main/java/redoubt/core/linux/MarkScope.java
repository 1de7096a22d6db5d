package redoubt.core.linux;

/// How far one fanotify mark reaches.
public enum MarkScope {
  /// One file, or one directory without what is below it.
  INODE(0x0),
  /// One mount: a later bind mount or another mount namespace of the same files is not covered.
  MOUNT(0x10),
  /// One file system, through whatever mount it is reached.
  FILESYSTEM(0x100),
  /// The mount table of one mount namespace, named by its `/proc/PID/ns/mnt` (Linux 6.15).
  MOUNT_NAMESPACE(0x110);

  final int flag;

  MarkScope(int flag) {
    this.flag = flag;
  }
}
