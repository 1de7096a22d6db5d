package redoubt.agent.sensor;

import redoubt.agent.health.TimeSource;

/// When it was by the wall clock that the kernel's monotonic clock showed a time. Not thread-safe.
///
/// The two clocks are compared once a second, so that events of one moment keep their order.
final class WallTime {
  private static final long COMPARE_EVERY_NANOS = 1_000_000_000L;

  private final TimeSource time;
  private boolean compared;
  private long comparedNanos;
  private long aheadNanos;

  WallTime(TimeSource time) {
    this.time = time;
  }

  /// The time in nanoseconds since the epoch.
  long of(long monotonicNanos) {
    long now = time.nanos();
    if (!compared || now - comparedNanos > COMPARE_EVERY_NANOS) {
      compared = true;
      comparedNanos = now;
      aheadNanos = time.wallMillis() * 1_000_000L - now;
    }
    return monotonicNanos + aheadNanos;
  }
}
