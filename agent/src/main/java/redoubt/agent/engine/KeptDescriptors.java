package redoubt.agent.engine;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.KernelFile;

/// Counts the files in question that an engine's processes have open: what lies on no mount of
/// their own view, for whatever an engine opens by itself does.
///
/// Memory files are left out: content comes as one, and engines may make their own. Costs two calls
/// a descriptor. Any thread may call.
final class KeptDescriptors {
  private static final String MOUNT_KEY = "mnt_id:";
  private static final String MEMORY_FILE = "/memfd:";

  private KeptDescriptors() {}

  /// How many there are now; processes that end meanwhile have none.
  static int count(List<Integer> pids) {
    int count = 0;
    for (int pid : pids) {
      count += countOf(Path.of("/proc", Integer.toString(pid)));
    }
    return count;
  }

  private static int countOf(Path process) {
    int count = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(process.resolve("fd"))) {
      Set<String> own = mountsOf(process);
      for (Path entry : entries) {
        String target = Descriptors.readLink(entry.toString());
        if (target.startsWith("/") && !target.startsWith(MEMORY_FILE)) {
          String mount = mountOf(process, entry.getFileName());
          if (!mount.isEmpty() && !own.contains(mount)) {
            count++;
          }
        }
      }
    } catch (IOException | DirectoryIteratorException _) {
      return count; // it has ended
    }
    return count;
  }

  private static Set<String> mountsOf(Path process) throws IOException {
    Set<String> ids = new HashSet<>();
    KernelFile.read(process.resolve("mountinfo").toString())
        .lines()
        .forEach(line -> ids.add(line.substring(0, line.indexOf(' '))));
    return ids;
  }

  /// Empty if the descriptor was closed meanwhile.
  private static String mountOf(Path process, Path descriptor) {
    try {
      return KernelFile.read(process.resolve("fdinfo").resolve(descriptor).toString())
          .lines()
          .filter(line -> line.startsWith(MOUNT_KEY))
          .map(line -> line.substring(MOUNT_KEY.length()).strip())
          .findFirst()
          .orElse("");
    } catch (IOException _) {
      return "";
    }
  }
}
