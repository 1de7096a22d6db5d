package redoubt.core.linux;

import java.nio.file.Path;
import java.util.Optional;

/// The flag of a file or directory that lets nobody, not even root, change, rename, link or remove
/// it until the flag is taken off (`chattr +i`; `ioctl_iflags(2)`). ext4, XFS, Btrfs and F2FS keep
/// it with the file; a tmpfs does while it is mounted, since Linux 6.0.
///
/// Any thread may call. Needs `CAP_LINUX_IMMUTABLE` to set or take off.
public final class ImmutableFlag {
  private ImmutableFlag() {}

  /// Whether a file has the flag.
  ///
  /// @param path the file or directory; links are followed
  /// @return empty if the file system keeps no flags
  /// @throws LinuxException if there is no such file, or it may not be opened
  public static Optional<Boolean> isSet(Path path) {
    try (OwnedDescriptor file = open(path)) {
      return flags(file, path).map(flags -> (flags & FileFlags.FS_IMMUTABLE_FL) != 0);
    }
  }

  /// Sets the flag or takes it off.
  ///
  /// @param path the file or directory; links are followed
  /// @return false if the file system keeps no flags
  /// @throws LinuxException if there is no such file, or the kernel refuses
  public static boolean set(Path path, boolean immutable) {
    try (OwnedDescriptor file = open(path)) {
      Optional<Long> before = flags(file, path);
      before.ifPresent(flags ->
          SystemCall.IOCTL.require(
              FileFlags.write(
                  file.number(),
                  immutable
                      ? flags | FileFlags.FS_IMMUTABLE_FL
                      : flags & ~FileFlags.FS_IMMUTABLE_FL),
              "flags of " + path));
      return before.isPresent();
    }
  }

  private static OwnedDescriptor open(Path path) {
    return new OwnedDescriptor(
        SystemCall.OPENAT.require(Descriptors.openReadOnly(path.toString()), "path=" + path));
  }

  private static Optional<Long> flags(OwnedDescriptor file, Path path) {
    long answer = FileFlags.read(file.number());
    if (FileFlags.areUnknown(answer)) {
      return Optional.empty();
    }
    if (answer < 0) {
      throw new LinuxException("ioctl", (int) -answer, "flags of " + path);
    }
    return Optional.of(answer);
  }
}
