package redoubt.agent.decision;

import redoubt.core.model.Verdict;

/// What the kernel is told where an enforcing engine has no opinion.
///
/// The owner may choose DENY, but not without end: when for a minute no engine has judged anything
/// and operations keep being denied for it, the policy falls back to ALLOW until an engine judges
/// again. A host that denies every new program for want of an engine could not even be repaired.
/// Thread-safe.
final class MissPolicy {
  /// How long misses are answered with DENY while no engine judges.
  static final long CLOSED_NANOS = 60_000_000_000L;

  private final Verdict chosen;
  private volatile boolean missing;
  private volatile long missingSince;

  MissPolicy(Verdict chosen) {
    this.chosen = chosen;
  }

  /// What a miss is answered with now.
  Verdict verdict(long nowNanos) {
    boolean tooLong = missing && nowNanos - missingSince > CLOSED_NANOS;
    return tooLong ? Verdict.ALLOW : chosen;
  }

  /// An operation was answered by this policy.
  void missed(long nowNanos) {
    if (!missing) {
      missingSince = nowNanos;
      missing = true;
    }
  }

  /// Engines judged an operation.
  void judged() {
    missing = false;
  }
}
