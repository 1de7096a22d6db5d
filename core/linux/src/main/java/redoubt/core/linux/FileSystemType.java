package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// The kind of file system behind an open file, by the kernel's magic numbers (`linux/magic.h`).
public final class FileSystemType {
  public static final long EXT4 = 0xEF53L;
  public static final long XFS = 0x58465342L;
  public static final long BTRFS = 0x9123683EL;
  public static final long F2FS = 0xF2F52010L;
  public static final long ZFS = 0x2FC12FC1L;
  public static final long BCACHEFS = 0xCA451A4EL;
  public static final long TMPFS = 0x01021994L;
  public static final long RAMFS = 0x858458F6L;
  public static final long HUGETLBFS = 0x958458F6L;
  public static final long OVERLAYFS = 0x794C7630L;
  public static final long SQUASHFS = 0x73717368L;
  public static final long EROFS = 0xE0F5E1E2L;
  public static final long ISOFS = 0x9660L;
  public static final long VFAT = 0x4D44L;
  public static final long EXFAT = 0x2011BAB0L;
  public static final long NFS = 0x6969L;
  public static final long CIFS = 0xFF534D42L;
  public static final long SMB2 = 0xFE534D42L;
  public static final long CEPH = 0x00C36400L;
  public static final long AFS = 0x5346414FL;
  public static final long V9FS = 0x01021997L;
  public static final long FUSE = 0x65735546L;
  public static final long PROC = 0x9FA0L;
  public static final long SYSFS = 0x62656572L;
  public static final long CGROUP = 0x27E0EBL;
  public static final long CGROUP2 = 0x63677270L;
  public static final long PIDFS = 0x50494446L;

  /// `struct statfs` of 64-bit kernels.
  static final int STATFS_BYTES = 120;

  static final int F_TYPE = 0;
  static final int F_FSID = 56;
  static final int F_FLAGS = 80;

  private static final long ST_NOSUID = 2;

  private FileSystemType() {}

  /// The magic number, as an unsigned 32-bit value, for an open file. Any thread; allocates
  /// nothing.
  ///
  /// @return one of the constants or another kernel value, or a negative [Errno] value
  public static long magic(int descriptor) {
    MemorySegment scratch = CallState.current().scratch();
    int result = SystemCall.FSTATFS.call(descriptor, scratch.address());
    return result < 0 ? result : scratch.get(JAVA_LONG, F_TYPE) & 0xFFFFFFFFL;
  }

  /// Whether the kernel itself acts on who owns a file there: not where it is mounted `nosuid`, as
  /// whatever a user may bring along is. Any thread; allocates nothing.
  ///
  /// @param descriptor an open file, which stands for the mount that it was opened through
  public static boolean honoursOwners(int descriptor) {
    MemorySegment scratch = CallState.current().scratch();
    return SystemCall.FSTATFS.call(descriptor, scratch.address()) >= 0
        && (scratch.get(JAVA_LONG, F_FLAGS) & ST_NOSUID) == 0;
  }

  /// The number (`f_fsid`) by which [FileHandle#fileSystemId] knows the file system of an open
  /// file. Any thread; allocates nothing.
  ///
  /// @return the number; 0 if the file system has none, or cannot be asked
  public static long id(int descriptor) {
    MemorySegment scratch = CallState.current().scratch();
    return SystemCall.FSTATFS.call(descriptor, scratch.address()) < 0
        ? 0
        : scratch.get(JAVA_LONG, F_FSID);
  }
}
