package redoubt.agent.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What one `stat` says of a file, in the units of [redoubt.core.model.FileIdentity].
///
/// @param device major number in the upper 32 bits, minor in the lower
/// @param inode the inode number
/// @param birthNanos the birth time, nanoseconds since the epoch; where the file system keeps none
///   it is the modification time and means nothing
/// @param mode type and permission bits as in `st_mode`
/// @param uid the owner
/// @param sizeBytes the size
record FileFacts(long device, long inode, long birthNanos, int mode, int uid, long sizeBytes) {
  private static final String WANTED = "unix:dev,ino,mode,uid,size,creationTime";
  private static final int TYPE_MASK = 0170000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;
  private static final int SYMBOLIC_LINK = 0120000;
  private static final int WRITABLE_BY_OTHERS = 0022;

  /// Reads the facts of `path` itself, never of what a symbolic link points at. Opens nothing.
  ///
  /// @throws IOException if there is no such file or it cannot be reached
  static FileFacts of(Path path) throws IOException {
    return of(Files.readAttributes(path, WANTED, LinkOption.NOFOLLOW_LINKS));
  }

  /// Reads the facts of what `path` leads to: of a symbolic link, those of its target.
  ///
  /// @throws IOException as [#of]
  static FileFacts ofTarget(Path path) throws IOException {
    return of(Files.readAttributes(path, WANTED));
  }

  private static FileFacts of(Map<String, Object> facts) {
    return new FileFacts(
        kernelDevice(number(facts, "dev")),
        number(facts, "ino"),
        wanted(facts, "creationTime", FileTime.class).to(TimeUnit.NANOSECONDS),
        (int) number(facts, "mode"),
        (int) number(facts, "uid"),
        number(facts, "size"));
  }

  /// Returns the path that `text` names, or nothing if the locale's file name encoding cannot spell
  /// it: in the C locale Java reaches no file whose name is not ASCII.
  static Optional<Path> findPath(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  /// Reads the facts of `path`, or nothing if it cannot be reached.
  static Optional<FileFacts> find(Path path) {
    try {
      return Optional.of(of(path));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  boolean isRegular() {
    return (mode & TYPE_MASK) == REGULAR;
  }

  boolean isDirectory() {
    return (mode & TYPE_MASK) == DIRECTORY;
  }

  boolean isSymbolicLink() {
    return (mode & TYPE_MASK) == SYMBOLIC_LINK;
  }

  /// Whether group or others may write; a POSIX ACL that lets anybody else write shows here too,
  /// because the group bits then hold the ACL's mask.
  boolean isWritableByOthers() {
    return (mode & WRITABLE_BY_OTHERS) != 0;
  }

  String permissions() {
    return "0" + Integer.toOctalString(mode & 07777);
  }

  /// Turns the C library's `dev_t` (`gnu_dev_major`, `gnu_dev_minor`) into the project's form.
  static long kernelDevice(long libraryDevice) {
    long major = ((libraryDevice >>> 8) & 0xfff) | ((libraryDevice >>> 32) & 0xfffff000L);
    long minor = (libraryDevice & 0xff) | ((libraryDevice >>> 12) & 0xffffff00L);
    return major << 32 | minor;
  }

  /// The other way round.
  static long libraryDevice(long kernelDevice) {
    long major = kernelDevice >>> 32;
    long minor = kernelDevice & 0xffffffffL;
    return ((major & 0xfffff000L) << 32)
        | ((major & 0xfff) << 8)
        | ((minor & 0xffffff00L) << 12)
        | (minor & 0xff);
  }

  private static long number(Map<String, Object> facts, String name) {
    return wanted(facts, name, Number.class).longValue();
  }

  private static <T> T wanted(Map<String, Object> facts, String name, Class<T> type) {
    return type.cast(Objects.requireNonNull(facts.get(name), name));
  }
}
