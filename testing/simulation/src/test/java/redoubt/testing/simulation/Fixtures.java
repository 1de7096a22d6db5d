package redoubt.testing.simulation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import redoubt.agent.decision.DecisionLimits;
import redoubt.core.model.Verdict;
import redoubt.testing.testkit.SimulatedFile;
import redoubt.testing.testkit.SimulatedHost;

/// The hosts and files that tests without a seed begin with.
final class Fixtures {
  static final long DISK = 1;
  static final long TMPFS = 2;
  static final int DESCRIPTORS = 4096;

  /// The soft deadline of every simulated host.
  static final long SOFT_NANOS = Duration.ofMillis(250).toNanos();

  /// Longer than a file stays too young for the cache.
  static final Duration SETTLED = Duration.ofSeconds(1);

  private Fixtures() {}

  static SimulatedHost host() {
    return new SimulatedHost(DecisionLimits.DEFAULTS, DESCRIPTORS);
  }

  static SimulatedHost host(Verdict onMiss) {
    return new SimulatedHost(limits(onMiss, false), DESCRIPTORS);
  }

  static DecisionLimits limits(Verdict onMiss, boolean killLate) {
    DecisionLimits standard = DecisionLimits.DEFAULTS;
    return new DecisionLimits(
        standard.softDeadline(),
        onMiss,
        killLate,
        standard.mostWaiting(),
        standard.mostQueuedPerActor());
  }

  /// A file on a disk that is old enough for its verdicts to be kept.
  static SimulatedFile settledFile(SimulatedHost host, String path) {
    SimulatedFile file = file(host, path);
    host.time().advance(SETTLED.toNanos());
    return file;
  }

  /// A file on a disk that holds its own path.
  static SimulatedFile file(SimulatedHost host, String path) {
    return host.kernel()
        .create(
            new SimulatedFile.Kind(DISK, path.hashCode(), path, true, true),
            path.getBytes(StandardCharsets.UTF_8));
  }
}
