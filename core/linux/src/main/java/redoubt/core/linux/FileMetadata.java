package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// What belongs to an open file beside its content: rights, owner, times, extended attributes.
///
/// Any thread may call. Failures are [LinuxException]s.
public final class FileMetadata {
  /// The most bytes of names and values of extended attributes that are read of a file.
  public static final int MOST_ATTRIBUTE_BYTES = 256 * 1024;

  /// The most extended attributes that are read of a file.
  public static final int MOST_ATTRIBUTES = 4_096;

  private static final int NAMES_BYTES = 64 * 1024;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  // struct timespec
  static final int TIMESPEC_BYTES = 16;

  private FileMetadata() {}

  /// Sets the rights.
  ///
  /// @param mode the permission bits with set-user-id, set-group-id and sticky bit
  public static void setMode(int descriptor, int mode) {
    SystemCall.FCHMOD.require(SystemCall.FCHMOD.call(descriptor, mode), "mode=" + mode);
  }

  /// Gives it to a user and a group; takes the set-user-id bit and capabilities away.
  public static void setOwner(int descriptor, int uid, int gid) {
    SystemCall.FCHOWN.require(
        SystemCall.FCHOWN.call(descriptor, uid, gid), "uid=" + uid + " gid=" + gid);
  }

  /// Sets the times of the last access and the last change of the content, nanoseconds since the
  /// epoch.
  public static void setTimes(int descriptor, long accessNanos, long modifyNanos) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment times = arena.allocate(2L * TIMESPEC_BYTES, Long.BYTES);
      put(times, 0, accessNanos);
      put(times, TIMESPEC_BYTES, modifyNanos);
      SystemCall.UTIMENSAT.require(
          SystemCall.UTIMENSAT.call(descriptor, 0, times.address(), 0), "times");
    }
  }

  private static void put(MemorySegment times, int at, long nanos) {
    times.set(JAVA_LONG, at, Math.floorDiv(nanos, NANOS_PER_SECOND));
    times.set(JAVA_LONG, at + Long.BYTES, Math.floorMod(nanos, NANOS_PER_SECOND));
  }

  /// Reads the extended attributes: access control lists, capabilities, labels, a user's own.
  ///
  /// @return values by name; empty where the file system has none
  /// @throws LinuxException E2BIG if they are more than [#MOST_ATTRIBUTES] or
  ///   [#MOST_ATTRIBUTE_BYTES]
  public static SequencedMap<String, byte[]> attributes(int descriptor) {
    SequencedMap<String, byte[]> found = new LinkedHashMap<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment names = arena.allocate(NAMES_BYTES);
      int length = SystemCall.FLISTXATTR.call(descriptor, names.address(), NAMES_BYTES);
      if (length == -Errno.EOPNOTSUPP) {
        return found;
      }
      SystemCall.FLISTXATTR.require(length, "attributes");
      MemorySegment value = arena.allocate(NAMES_BYTES);
      int bytes = 0;
      for (int at = 0; at < length; ) {
        // Names are bytes; this keeps each as it is.
        String name = names.getString(at, StandardCharsets.ISO_8859_1);
        int size =
            SystemCall.FGETXATTR.call(
                descriptor, names.asSlice(at).address(), value.address(), NAMES_BYTES);
        at += name.length() + 1;
        if (size == -Errno.ENODATA) {
          continue;
        }
        SystemCall.FGETXATTR.require(size, "attribute=" + name);
        bytes += name.length() + size;
        if (bytes > MOST_ATTRIBUTE_BYTES || found.size() == MOST_ATTRIBUTES) {
          throw new LinuxException("fgetxattr", Errno.E2BIG, "attributes");
        }
        found.put(name, value.asSlice(0, size).toArray(JAVA_BYTE));
      }
    }
    return found;
  }

  /// Sets extended attributes; others stay.
  public static void setAttributes(int descriptor, Map<String, byte[]> attributes) {
    attributes.forEach((name, bytes) -> {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment value = arena.allocateFrom(JAVA_BYTE, bytes);
        SystemCall.FSETXATTR.require(
            SystemCall.FSETXATTR.call(
                descriptor,
                arena.allocateFrom(name, StandardCharsets.ISO_8859_1).address(),
                value.address(),
                bytes.length),
            "attribute=" + name);
      }
    });
  }

  /// Has content and metadata survive a power cut.
  public static void sync(int descriptor) {
    SystemCall.FSYNC.require(SystemCall.FSYNC.call(descriptor), "file");
  }
}
