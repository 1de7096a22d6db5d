package redoubt.agent.hook;

import java.nio.file.Path;
import java.util.Set;
import redoubt.core.linux.MountEntry;
import redoubt.core.linux.Mounts;
import redoubt.core.linux.ServedMounts;

/// Which file systems are this host's own, on its storage or in its memory: no answer of theirs
/// comes from a program or over the network, and may never come. Any thread.
public final class LocalFileSystems {
  private static final Set<String> TYPES =
      Set.of(
          "ext2",
          "ext3",
          "ext4",
          "xfs",
          "btrfs",
          "f2fs",
          "zfs",
          "bcachefs",
          "jfs",
          "reiserfs",
          "nilfs2",
          "tmpfs",
          "ramfs",
          "devtmpfs",
          "vfat",
          "msdos",
          "exfat",
          "ntfs3",
          "hfsplus",
          "iso9660",
          "udf",
          "squashfs",
          "erofs",
          "cramfs",
          "overlay");

  /// Followed from the first question on, so that whoever starts does not wait for it.
  private static final class Served {
    static final ServedMounts MOUNTS = ServedMounts.open();
  }

  private LocalFileSystems() {}

  static boolean include(MountEntry mount) {
    return TYPES.contains(mount.type());
  }

  /// Whether an open file is on one of them. Asks the kernel alone, not the file system; a mount of
  /// another mount namespace is none of this host's.
  ///
  /// @param descriptor the file; a place (`O_PATH`) is enough
  public static boolean hold(int descriptor) {
    return Mounts.ofDescriptor(descriptor).filter(LocalFileSystems::include).isPresent();
  }

  /// Whether a program serves an open file's file system (FUSE), so that a call on it may last for
  /// ever and nobody can end a thread that is in it.
  ///
  /// @param descriptor the file; a place (`O_PATH`) is enough
  public static boolean mayNeverAnswer(int descriptor) {
    return Served.MOUNTS.hold(descriptor);
  }

  /// Whether what lies at a path without links is on one of them, as far as the mount table says.
  ///
  /// @param path absolute
  public static boolean hold(String path) {
    return Mounts.at("/proc/self/mountinfo", Path.of(path))
        .filter(LocalFileSystems::include)
        .isPresent();
  }
}
