package redoubt.agent.rollout;

import java.time.Duration;
import redoubt.core.wire.BundleName;

/// A bundle that the fleet wants here and that is not here yet. Immutable.
///
/// @param pause how long after a failure it is tried again
/// @param dueNanos when it is tried
record Wanted(BundleName bundle, Duration pause, long dueNanos) {
  private static final Duration FIRST = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofHours(1);

  static Wanted now(BundleName bundle, long nanos) {
    return new Wanted(bundle, FIRST, nanos);
  }

  boolean isDue(long nanos) {
    return nanos - dueNanos >= 0;
  }

  /// It could not be had.
  Wanted later(long nanos) {
    Duration next = pause.multipliedBy(2).compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
    return new Wanted(bundle, next, nanos + pause.toNanos());
  }
}
