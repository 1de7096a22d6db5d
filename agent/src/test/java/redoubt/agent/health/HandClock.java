package redoubt.agent.health;

import java.time.Duration;

/// Clocks that a test moves by hand, both at once. Thread-safe.
public final class HandClock implements TimeSource {
  private long nanos = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();
  private long wallMillis = 1_790_000_000_000L;

  /// Clocks shortly before the monotonic one overflows.
  public HandClock() {}

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public synchronized long wallMillis() {
    return wallMillis;
  }

  /// Lets time pass.
  public synchronized void pass(Duration duration) {
    nanos += duration.toNanos();
    wallMillis += duration.toMillis();
  }
}
