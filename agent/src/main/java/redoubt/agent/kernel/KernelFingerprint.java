package redoubt.agent.kernel;

import java.io.IOException;
import java.util.stream.Collectors;
import redoubt.core.linux.BpfListing;
import redoubt.core.linux.BpfObjects;
import redoubt.core.linux.BpfProgram;
import redoubt.core.linux.KernelFile;

/// Tells whether modules or eBPF programs have come or gone since another look, at the price of a
/// few system calls. Thread-safe.
public final class KernelFingerprint {
  private static final int MOST_PROGRAMS = 10_000;

  private KernelFingerprint() {}

  /// The names of the modules and the numbers of the programs that are there now.
  public static String take() {
    String modules;
    try {
      modules =
          KernelFile.read("/proc/modules")
              .lines()
              .map(line -> line.substring(0, Math.max(0, line.indexOf(' '))))
              .sorted()
              .collect(Collectors.joining(" "));
    } catch (IOException _) {
      modules = ""; // a kernel without modules
    }
    BpfListing<BpfProgram> programs = BpfObjects.programs(MOST_PROGRAMS);
    return modules
        + "|"
        + programs.entries().stream()
            .map(program -> Integer.toString(program.id()))
            .collect(Collectors.joining(" "));
  }
}
