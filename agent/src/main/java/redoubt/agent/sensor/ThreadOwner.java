package redoubt.agent.sensor;

import java.io.IOException;
import redoubt.agent.process.ProcessTree;
import redoubt.core.linux.KernelFile;

/// Which process a thread belongs to.
final class ThreadOwner {
  private static final String GROUP = "Tgid:";

  private ThreadOwner() {}

  /// The process's id; 0 if the thread was there before the sensors, and has ended.
  static int of(int thread, ProcessTree tree) {
    int known = tree.processOf(thread);
    if (known != 0) {
      return known;
    }
    try {
      return KernelFile.read("/proc/" + thread + "/status")
          .lines()
          .filter(line -> line.startsWith(GROUP))
          .mapToInt(line -> Integer.parseInt(line.substring(GROUP.length()).strip()))
          .findFirst()
          .orElse(0);
    } catch (IOException | NumberFormatException _) {
      return 0;
    }
  }
}
