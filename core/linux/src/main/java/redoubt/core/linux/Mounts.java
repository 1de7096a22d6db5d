package redoubt.core.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The mount table of a mount namespace, in the order of mounting.
public final class Mounts {
  private static final int FIXED_FIELDS = 6;
  private static final String MOUNT_ID = "mnt_id:";
  private static final int NO_MOUNT = -1;

  private Mounts() {}

  /// Reads a mount table; any thread. Lines that do not have the documented form are left out.
  ///
  /// @param mountinfoPath such as `/proc/self/mountinfo`
  /// @throws UncheckedIOException if it cannot be read, for instance because the process is gone
  public static List<MountEntry> read(String mountinfoPath) {
    try {
      return parse(KernelFile.read(mountinfoPath));
    } catch (IOException e) {
      throw new UncheckedIOException("mount table not readable: path=" + mountinfoPath, e);
    }
  }

  /// The mount that a path is on: the last one whose mount point is the path or above it.
  ///
  /// @param mountinfoPath the table, such as `/proc/self/mountinfo`
  /// @param path without links and dots
  /// @throws UncheckedIOException as [#read]
  public static Optional<MountEntry> at(String mountinfoPath, Path path) {
    return at(read(mountinfoPath), path);
  }

  /// As [#at(String, Path)], in a table that was read before.
  public static Optional<MountEntry> at(List<MountEntry> table, Path path) {
    return table.stream()
        .filter(mount -> path.startsWith(mount.mountPoint()))
        .reduce(
            (best, next) -> next.mountPoint().length() >= best.mountPoint().length() ? next : best);
  }

  /// The mount through which a file was opened, or, if that is one of another mount namespace, one
  /// of this process's that shows the same file system. Asks the kernel alone, not the file system,
  /// which may never answer. Any thread.
  ///
  /// @param descriptor the file; a place (`O_PATH`) is enough
  /// @return empty if this process's mount table has none of them, or the descriptor is not open
  public static Optional<MountEntry> ofDescriptor(int descriptor) {
    try {
      List<MountEntry> table = read("/proc/self/mountinfo");
      int id = mountId(KernelFile.read("/proc/self/fdinfo/" + descriptor));
      Optional<MountEntry> opened = table.stream().filter(mount -> mount.id() == id).findFirst();
      long device = FileStatus.device(descriptor);
      return opened.or(() -> table.stream().filter(mount -> mount.device() == device).findFirst());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static int mountId(String facts) {
    return facts
        .lines()
        .filter(line -> line.startsWith(MOUNT_ID))
        .map(line -> Integer.parseInt(line.substring(MOUNT_ID.length()).strip()))
        .findFirst()
        .orElse(NO_MOUNT);
  }

  /// Parses the whole text of a mount table. Never fails.
  static List<MountEntry> parse(String text) {
    List<MountEntry> entries = new ArrayList<>();
    text.lines().forEach(line -> parseLine(line).ifPresent(entries::add));
    return List.copyOf(entries);
  }

  /// `id parent major:minor root mountpoint options [tag...] - type source superoptions`, see
  /// `proc_pid_mountinfo(5)`.
  private static Optional<MountEntry> parseLine(String line) {
    List<String> fields = List.of(line.split(" ", -1));
    int dash = fields.indexOf("-");
    if (dash < FIXED_FIELDS || fields.size() < dash + 4) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new MountEntry(
              Integer.parseInt(fields.get(0)),
              Integer.parseInt(fields.get(1)),
              parseDevice(fields.get(2)),
              unescape(fields.get(3)),
              unescape(fields.get(4)),
              unescape(fields.get(dash + 1)),
              unescape(fields.get(dash + 2)),
              fields.get(5),
              unescape(fields.get(dash + 3))));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static long parseDevice(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new NumberFormatException("device without colon");
    }
    return ((long) Integer.parseInt(text, 0, colon, 10) << 32)
        | Integer.parseInt(text, colon + 1, text.length(), 10);
  }

  /// Space, tab, newline, backslash and `#` come as a backslash and three octal digits; all of them
  /// are ASCII.
  private static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      int code = text.charAt(i) == '\\' ? parseOctal(text, i + 1) : -1;
      plain.append(code < 0 ? text.charAt(i) : (char) code);
      i += code < 0 ? 0 : 3;
    }
    return plain.toString();
  }

  /// The value of the three octal digits at `at`, -1 if there are none.
  private static int parseOctal(String text, int at) {
    if (at + 3 > text.length()) {
      return -1;
    }
    int value = 0;
    for (int i = at; i < at + 3; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 7) {
        return -1;
      }
      value = value * 8 + digit;
    }
    return value < 128 ? value : -1;
  }
}
