package redoubt.agent;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import redoubt.core.linux.Scheduling;

/// The threads of the virtual machine that compile methods, found by their names: C1 and C2.
final class CompilerThreads {
  private static final Path TASKS = Path.of("/proc/self/task");

  private CompilerThreads() {}

  /// Sets their share of the processors. What cannot be found or changed stays as it is.
  ///
  /// @param value -20 (most) to 19 (least)
  static void nice(int value) {
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        String name = Files.readString(task.resolve("comm"));
        if (name.startsWith("C1 Compiler") || name.startsWith("C2 Compiler")) {
          Scheduling.nice(Integer.parseInt(task.getFileName().toString()), value);
        }
      }
    } catch (IOException _) {
      // a thread that has just ended compiles nothing
      return;
    }
  }
}
