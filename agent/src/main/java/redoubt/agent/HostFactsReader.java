package redoubt.agent;

import java.io.IOException;
import redoubt.agent.journal.HostFacts;
import redoubt.core.linux.KernelFile;

/// Reads from `/proc` what every record says of the host.
final class HostFactsReader {
  private HostFactsReader() {}

  static HostFacts read(long startedMillis) {
    return new HostFacts(
        line("/proc/sys/kernel/hostname", 255),
        line("/proc/sys/kernel/random/boot_id", 64),
        line("/proc/sys/kernel/osrelease", 128),
        Version.text(),
        startedMillis);
  }

  private static String line(String path, int most) {
    try {
      String text = KernelFile.read(path).strip();
      return text.substring(0, Math.min(most, text.length()));
    } catch (IOException _) {
      return "unknown";
    }
  }
}
