package redoubt.core.linux;

import java.io.IOException;

/// The memory of other processes, as the kernel tells everybody (`proc_pid_status(5)`). Any thread
/// may call.
public final class ProcessMemory {
  private static final String RESIDENT = "VmRSS:";
  private static final int KIB = 1024;

  private ProcessMemory() {}

  /// The bytes of memory that a process holds now; 0 if there is no such process.
  public static long residentBytes(int pid) {
    try {
      return KernelFile.read("/proc/" + pid + "/status")
          .lines()
          .filter(line -> line.startsWith(RESIDENT))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB)
          .findFirst()
          .orElse(0);
    } catch (IOException | NumberFormatException _) {
      return 0;
    }
  }
}
