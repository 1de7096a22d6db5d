package redoubt.core.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// Who keeps eBPF programs in the kernel: processes with a descriptor, and names in BPF file
/// systems. A program that is attached in an older way may have neither.
///
/// Any thread may call; both look through whole trees, so that takes milliseconds and more. What
/// may not be looked at, or ends meanwhile, is left out.
public final class BpfReferences {
  private static final String LINK = "anon_inode:";
  private static final String MAP = "anon_inode:bpf-map";
  private static final String PROGRAM_ID = "prog_id:";
  private static final int MOST_NAMES = 65_536;

  private BpfReferences() {}

  /// Finds the processes, of those that this one may look at.
  ///
  /// @param most how many descriptors are looked at
  public static BpfListing<BpfHolder> holders(int most) {
    Set<BpfHolder> found = new LinkedHashSet<>();
    int left = most;
    for (int pid : processes()) {
      for (Path descriptor : list(Path.of("/proc", Integer.toString(pid), "fd"))) {
        if (--left < 0) {
          return new BpfListing<>(List.copyOf(found), 0, true);
        }
        String target = Descriptors.readLink(descriptor.toString());
        if (target.startsWith(LINK) && target.contains("bpf") && !target.equals(MAP)) {
          programOf(pid, descriptor.getFileName().toString())
              .ifPresent(program -> found.add(holder(program, pid)));
        }
      }
    }
    return new BpfListing<>(List.copyOf(found), 0, false);
  }

  /// Finds the names in all BPF file systems of this process's mount namespace.
  ///
  /// @param most how many names and folders are looked at
  public static BpfListing<BpfPin> pins(int most) {
    List<BpfPin> found = new ArrayList<>();
    Deque<Path> open = new ArrayDeque<>(fileSystems());
    int left = most;
    while (!open.isEmpty()) {
      for (Path entry : list(open.remove())) {
        if (--left < 0) {
          return new BpfListing<>(found, 0, true);
        }
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          open.add(entry);
        } else if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
          pinned(entry.toString())
              .ifPresent(program -> found.add(new BpfPin(program, entry.toString())));
        }
      }
    }
    return new BpfListing<>(found, 0, false);
  }

  /// Finds the line `prog_id: 42` of a descriptor's `fdinfo`; programs and links have one.
  static OptionalInt parseProgramId(String info) {
    return info.lines()
        .filter(line -> line.startsWith(PROGRAM_ID))
        .map(line -> line.substring(PROGRAM_ID.length()).strip())
        .filter(word -> word.matches("[0-9]{1,10}"))
        .mapToLong(Long::parseLong)
        .filter(id -> id > 0 && id <= Integer.MAX_VALUE)
        .mapToInt(id -> (int) id)
        .findFirst();
  }

  private static List<Integer> processes() {
    try {
      return KernelFile.numbers("/proc");
    } catch (IOException _) {
      return List.of(); // no /proc, nobody to be found
    }
  }

  private static OptionalInt programOf(int pid, String descriptor) {
    return parseProgramId(read("/proc/" + pid + "/fdinfo/" + descriptor));
  }

  private static BpfHolder holder(int program, int pid) {
    String process = "/proc/" + pid;
    return new BpfHolder(
        program, pid, read(process + "/comm").strip(), Descriptors.readLink(process + "/exe"));
  }

  /// One mount of each BPF file system is enough.
  private static List<Path> fileSystems() {
    try {
      return List.copyOf(
          Mounts.read("/proc/self/mountinfo").stream()
              .filter(mount -> mount.type().equals("bpf"))
              .collect(
                  Collectors.toMap(
                      MountEntry::device, mount -> Path.of(mount.mountPoint()), (a, _) -> a))
              .values());
    } catch (UncheckedIOException _) {
      return List.of();
    }
  }

  private static OptionalInt pinned(String path) {
    int descriptor = BpfObjects.openPinned(path);
    if (descriptor < 0) {
      return OptionalInt.empty();
    }
    try {
      return parseProgramId(read("/proc/self/fdinfo/" + descriptor));
    } finally {
      Descriptors.close(descriptor);
    }
  }

  private static List<Path> list(Path directory) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path entry : stream) {
        if (entries.size() == MOST_NAMES) {
          break;
        }
        entries.add(entry);
      }
    } catch (IOException | DirectoryIteratorException _) {
      return entries; // it has gone, or is not ours to see; what was found counts
    }
    return entries;
  }

  private static String read(String file) {
    try {
      return KernelFile.read(file);
    } catch (IOException _) {
      return ""; // the process has ended
    }
  }
}
