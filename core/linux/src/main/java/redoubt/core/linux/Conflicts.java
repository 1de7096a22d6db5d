package redoubt.core.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds other processes that can hold up file access on this host: owners of fanotify groups of a
/// permission class. The kernel asks all such groups one after the other, and two that open files
/// on behalf of each other may stop the host.
///
/// A thread may have a table of descriptors of its own, as those of our agent that have its hook.
public final class Conflicts {
  /// One group of another process.
  ///
  /// @param pid the process that holds its descriptor
  /// @param comm its short name
  /// @param flags the `fanotify_init` flags
  public record Owner(int pid, String comm, int flags) {}

  private static final Path PROC = Path.of("/proc");
  private static final String LINK = "anon_inode:[fanotify]";
  private static final String PREFIX = "fanotify flags:";

  /// `FAN_CLASS_CONTENT` and `FAN_CLASS_PRE_CONTENT`.
  private static final int PERMISSION_CLASSES = 0x4 | 0x8;

  private Conflicts() {}

  /// Looks at every process that this one may see; those that end meanwhile, or may not be looked
  /// at, are left out. Reads `/proc`, so it takes milliseconds and is not for an answering thread.
  public static List<Owner> find() {
    List<Owner> owners = new ArrayList<>();
    long self = ProcessHandle.current().pid();
    for (Path process : list(PROC, "[0-9]*")) {
      int pid = Integer.parseInt(process.getFileName().toString());
      if (pid != self) {
        collect(process, pid, owners);
      }
    }
    return List.copyOf(owners);
  }

  private static void collect(Path process, int pid, List<Owner> owners) {
    List<Integer> tables = new ArrayList<>();
    for (Path thread : list(process.resolve("task"), "[0-9]*")) {
      int number = Integer.parseInt(thread.getFileName().toString());
      if (tables.stream().noneMatch(known -> DescriptorTable.isSame(known, number))) {
        tables.add(number);
        collectFrom(thread, pid, owners);
      }
    }
  }

  private static void collectFrom(Path thread, int pid, List<Owner> owners) {
    for (Path descriptor : list(thread.resolve("fd"), "*")) {
      if (Descriptors.readLink(descriptor.toString()).equals(LINK)) {
        String info = read(thread.resolve("fdinfo").resolve(descriptor.getFileName()));
        int flags = parseFlags(info).orElse(0);
        if ((flags & PERMISSION_CLASSES) != 0) {
          owners.add(new Owner(pid, read(PROC.resolve(pid + "/comm")).strip(), flags));
        }
      }
    }
  }

  /// Finds the line `fanotify flags:27 event-flags:0`, in hexadecimal, in a descriptor's `fdinfo`.
  static Optional<Integer> parseFlags(String info) {
    return info.lines()
        .filter(line -> line.startsWith(PREFIX))
        .findFirst()
        .map(line -> line.substring(PREFIX.length()).split(" ", 2)[0])
        .filter(word -> word.matches("[0-9a-f]{1,7}"))
        .map(word -> Integer.parseInt(word, 16));
  }

  private static List<Path> list(Path directory, String glob) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
      stream.forEach(entries::add);
    } catch (IOException | java.nio.file.DirectoryIteratorException _) {
      return entries; // the process ended; what was found counts
    }
    return entries;
  }

  private static String read(Path file) {
    try {
      return KernelFile.read(file.toString());
    } catch (IOException _) {
      return ""; // the process ended
    }
  }
}
