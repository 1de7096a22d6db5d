package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Processes of this host: whether they run, and when they do not any more.
final class Processes {
  private Processes() {}

  /// Whether a process still runs: the dead that nobody has collected do not.
  static boolean isRunning(long pid) {
    return !List.of("", "Z").contains(state(pid));
  }

  /// What `/proc/PID/stat` says it does: `S` asleep, `T` stopped, `Z` dead; empty if it is gone.
  static String state(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      int afterName = stat.lastIndexOf(')') + 2;
      return stat.substring(afterName, afterName + 1);
    } catch (IOException _) {
      return "";
    }
  }

  /// Waits until all of them have ended.
  ///
  /// @throws java.util.concurrent.CompletionException if one has not in time
  static void awaitEnd(List<ProcessHandle> processes, Duration limit) {
    CompletableFuture.allOf(
            processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
        .orTimeout(limit.toSeconds(), TimeUnit.SECONDS)
        .join();
  }
}
