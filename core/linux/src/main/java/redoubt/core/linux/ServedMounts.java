package redoubt.core.linux;

import java.util.Map;
import java.util.stream.Collectors;

/// Which mounted file systems a program serves (FUSE).
///
/// A call on such a file system lasts as long as its program likes. Once the program has taken the
/// request, not even SIGKILL ends the call, so a process with a thread in it keeps its descriptors,
/// whatever they hold up, until the program answers or ends. Thread-safe.
public final class ServedMounts implements AutoCloseable {
  private static final String TABLE = "/proc/self/mountinfo";

  private final MountWatch changes;

  /// Whether a program serves what is mounted, by its device.
  private Map<Long, Boolean> mounted;

  private ServedMounts(MountWatch changes) {
    this.changes = changes;
    this.mounted = read();
  }

  /// Looks at this process's mount table, and follows it.
  ///
  /// @throws LinuxException if it cannot be opened
  /// @throws java.io.UncheckedIOException if it cannot be read
  public static ServedMounts open() {
    return new ServedMounts(MountWatch.open(TABLE));
  }

  /// Whether a program serves the file system of an open file. The program is not asked: what this
  /// process's mount table does not show is asked for its kind (`fstatfs`), and in the name of a
  /// FUSE file system of another user namespace, which is all that users can mount on their own,
  /// the kernel itself answers.
  ///
  /// @param descriptor the file; a place (`O_PATH`) is enough
  public boolean hold(int descriptor) {
    Boolean served = mounted().get(FileStatus.device(descriptor));
    return served == null
        ? FileSystemType.magic(descriptor) == FileSystemType.FUSE
        : served.booleanValue();
  }

  private synchronized Map<Long, Boolean> mounted() {
    if (changes.await(0)) {
      mounted = read();
    }
    return mounted;
  }

  private static Map<Long, Boolean> read() {
    return Mounts.read(TABLE).stream()
        .collect(
            Collectors.toUnmodifiableMap(
                MountEntry::device, MountEntry::isServed, Boolean::logicalOr));
  }

  @Override
  public void close() {
    changes.close();
  }
}
