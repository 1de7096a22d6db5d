package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/// The flag of a file or directory that lets nobody, not even root, change, rename, link or remove
/// it until the flag is taken off (`chattr +i`; `ioctl_iflags(2)`). ext4, XFS, Btrfs and F2FS keep
/// it with the file; a tmpfs does while it is mounted, since Linux 6.0.
///
/// Any thread may call. Needs `CAP_LINUX_IMMUTABLE` to set or take off.
public final class ImmutableFlag {
  // linux/fs.h. The numbers say "long", but the kernel passes an int.
  static final long FS_IOC_GETFLAGS = 0x80086601L;
  static final int FS_IOC_SETFLAGS = 0x40086602;
  static final int FS_IMMUTABLE_FL = 0x10;

  private ImmutableFlag() {}

  /// Whether a file has the flag.
  ///
  /// @param path the file or directory; links are followed
  /// @return empty if the file system keeps no flags
  /// @throws LinuxException if there is no such file, or it may not be opened
  public static Optional<Boolean> isSet(Path path) {
    return onFlags(path, (_, flags) -> (flags & FS_IMMUTABLE_FL) != 0);
  }

  /// Sets the flag or takes it off.
  ///
  /// @param path the file or directory; links are followed
  /// @return false if the file system keeps no flags
  /// @throws LinuxException if there is no such file, or the kernel refuses
  public static boolean set(Path path, boolean immutable) {
    return onFlags(
            path,
            (descriptor, flags) -> {
              write(
                  descriptor, immutable ? flags | FS_IMMUTABLE_FL : flags & ~FS_IMMUTABLE_FL, path);
              return true;
            })
        .isPresent();
  }

  @FunctionalInterface
  private interface FlagsUse {
    boolean with(int descriptor, int flags);
  }

  private static Optional<Boolean> onFlags(Path path, FlagsUse use) {
    int opened =
        SystemCall.OPENAT.require(Descriptors.openReadOnly(path.toString()), "path=" + path);
    try (OwnedDescriptor file = new OwnedDescriptor(opened)) {
      MemorySegment flags = CallState.current().scratch();
      int result = SystemCall.IOCTL.call(file.number(), FS_IOC_GETFLAGS, flags.address());
      if (result == -Errno.ENOTTY || result == -Errno.EOPNOTSUPP) {
        return Optional.empty();
      }
      SystemCall.IOCTL.require(result, "flags of " + path);
      return Optional.of(use.with(file.number(), flags.get(JAVA_INT, 0)));
    }
  }

  private static void write(int descriptor, int flags, Path path) {
    MemorySegment value = CallState.current().scratch();
    value.set(JAVA_INT, 0, flags);
    SystemCall.IOCTL.require(
        SystemCall.IOCTL.call(descriptor, FS_IOC_SETFLAGS, value.address()),
        "flags=" + flags + " path=" + path);
  }
}
