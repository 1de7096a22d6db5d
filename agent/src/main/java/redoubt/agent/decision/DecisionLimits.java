package redoubt.agent.decision;

import java.time.Duration;
import redoubt.core.model.Verdict;

/// The owner's bounds on every decision.
///
/// @param softDeadline how long an operation waits for engines, 10 ms to 10 s
/// @param onMiss what the kernel is told when an enforcing engine was silent and none denied
/// @param killLate whether a process is ended when a DENY on the program it runs comes late
/// @param mostWaiting how many operations may wait for engines at once; more are answered unscanned
/// @param mostQueuedPerActor how many operations of one unprivileged user may wait at once
public record DecisionLimits(
    Duration softDeadline,
    Verdict onMiss,
    boolean killLate,
    int mostWaiting,
    int mostQueuedPerActor) {
  /// The most engines on one host.
  public static final int ENGINES = 16;

  /// The largest file that is hashed at all; a larger one is recorded as unscanned.
  public static final long HASH_BYTES = 1L << 30;

  /// The defaults of the design.
  public static final DecisionLimits DEFAULTS =
      new DecisionLimits(Duration.ofMillis(250), Verdict.ALLOW, false, 4096, 1024);

  public DecisionLimits {
    if (softDeadline.toMillis() < 10 || softDeadline.toMillis() > 10_000) {
      throw new IllegalArgumentException(
          "soft deadline must be 10 to 10000 ms: softDeadlineMillis=" + softDeadline.toMillis());
    }
    if (mostWaiting < 1 || mostQueuedPerActor < 1) {
      throw new IllegalArgumentException(
          "bounds must be positive: mostWaiting="
              + mostWaiting
              + " mostQueuedPerActor="
              + mostQueuedPerActor);
    }
  }

  long softDeadlineNanos() {
    return softDeadline.toNanos();
  }
}
