package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Processes of this host: whether they run, and when they do not any more.
final class Processes {
  private static final long INTERVAL_NANOS = Duration.ofMillis(5).toNanos();

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

  /// Waits until all of them have ended; who has to collect them may be slower.
  ///
  /// @throws AssertionError if one has not in time, with what is known of it
  static void awaitEnd(List<ProcessHandle> processes, Duration limit) {
    long endNanos = System.nanoTime() + limit.toNanos();
    List<ProcessHandle> left = processes;
    while (!left.isEmpty()) {
      left = left.stream().filter(each -> each.isAlive() && isRunning(each.pid())).toList();
      if (System.nanoTime() - endNanos > 0) {
        throw new AssertionError(
            "still there: " + left.stream().map(each -> describe(each.pid())).toList());
      }
      LockSupport.parkNanos(INTERVAL_NANOS);
    }
  }

  /// What a process is, who started it, what it does and where it waits.
  private static String describe(long pid) {
    StringBuilder text = new StringBuilder("pid=" + pid + " state=" + state(pid));
    for (String file : List.of("wchan", "syscall", "cgroup", "stack", "cmdline", "status")) {
      try {
        String content = Files.readString(Path.of("/proc/" + pid + "/" + file));
        text.append(' ').append(file).append('=').append(content.replace('\0', ' ').strip());
      } catch (IOException e) {
        text.append(' ').append(file).append('=').append(e.getMessage());
      }
    }
    return text.toString();
  }
}
