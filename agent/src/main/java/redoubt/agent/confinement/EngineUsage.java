package redoubt.agent.confinement;

import java.util.List;
import redoubt.core.linux.ProcessMemory;

/// What the processes of one engine use.
///
/// @param cpuMicros processor time, microseconds
/// @param residentBytes memory that they hold now
/// @param processes how many there are now
public record EngineUsage(long cpuMicros, long residentBytes, int processes) {
  /// Nothing.
  public static final EngineUsage NONE = new EngineUsage(0, 0, 0);

  /// Sums up what the given processes hold; one that ends meanwhile holds nothing.
  static EngineUsage ofProcesses(List<Integer> pids, long cpuMicros) {
    long bytes = 0;
    for (int pid : pids) {
      bytes += ProcessMemory.residentBytes(pid);
    }
    return new EngineUsage(cpuMicros, bytes, pids.size());
  }

  /// Returns the sum of both.
  public EngineUsage plus(EngineUsage other) {
    return new EngineUsage(
        cpuMicros + other.cpuMicros,
        residentBytes + other.residentBytes,
        processes + other.processes);
  }

  /// Returns this with the processor time of earlier runs added.
  public EngineUsage after(long earlierCpuMicros) {
    return new EngineUsage(earlierCpuMicros + cpuMicros, residentBytes, processes);
  }
}
