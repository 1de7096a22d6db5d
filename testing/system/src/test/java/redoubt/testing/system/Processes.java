package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What `/proc` says of processes of this host.
final class Processes {
  private Processes() {}

  /// Whether a process still runs: the dead that nobody has collected do not.
  static boolean isRunning(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return !stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
    } catch (IOException _) {
      return false;
    }
  }
}
