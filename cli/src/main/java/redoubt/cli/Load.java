package redoubt.cli;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import redoubt.core.linux.ProcessMemory;
import redoubt.core.wire.ControlReply;

/// What agent and engines had used at one moment, to be compared with another.
///
/// @param nanos when, by the clock of [System#nanoTime]
/// @param upNanos how long the agent had been running
/// @param decided operations that were answered
/// @param denied those that were denied
/// @param agentCpuMicros the agent's processor time, microseconds
/// @param agentBytes the memory that the agent held
/// @param engines the engines by their ids
record Load(
    long nanos,
    long upNanos,
    long decided,
    long denied,
    long agentCpuMicros,
    long agentBytes,
    Map<String, ControlReply.Engine> engines) {
  Load {
    engines = Map.copyOf(engines);
  }

  static Load of(ControlReply.Status status, long nanos, long wallMillis) {
    Map<String, Long> counters = status.counters();
    long denied = counters.getOrDefault("denied_total", 0L);
    return new Load(
        nanos,
        Math.max(1, wallMillis - status.startedMillis()) * 1_000_000L,
        counters.getOrDefault("allowed_total", 0L) + denied,
        denied,
        cpuMicros(status.pid()),
        ProcessMemory.residentBytes(status.pid()),
        status.engines().stream()
            .collect(Collectors.toMap(ControlReply.Engine::id, engine -> engine, (a, _) -> a)));
  }

  /// When the agent started: nothing had been used.
  Load atStart() {
    return new Load(nanos - upNanos, 0, 0, 0, 0, 0, Map.of());
  }

  long cpuMicros(String engine) {
    ControlReply.Engine known = engines.get(engine);
    return known == null ? 0 : known.costs().cpuMicros();
  }

  long asked(String engine) {
    ControlReply.Engine known = engines.get(engine);
    return known == null ? 0 : known.asked();
  }

  private static long cpuMicros(int pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .map(Duration::toNanos)
        .map(nanos -> nanos / 1_000)
        .orElse(0L);
  }
}
