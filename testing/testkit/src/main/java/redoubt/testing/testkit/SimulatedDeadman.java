package redoubt.testing.testkit;

import redoubt.agent.hook.Deadman;

/// A promise to the simulated kernel, kept by the simulated clock. Not thread-safe.
final class SimulatedDeadman implements Deadman {
  private final SimulatedTime time;
  private final long limitNanos;
  private final Runnable expired;
  private boolean armed;
  private long armedNanos;

  SimulatedDeadman(SimulatedTime time, long limitNanos, Runnable expired) {
    this.time = time;
    this.limitNanos = limitNanos;
    this.expired = expired;
    time.follow(this::check);
  }

  @Override
  public void arm() {
    armed = true;
    armedNanos = time.nanos();
  }

  @Override
  public void close() {
    armed = false;
  }

  private void check() {
    if (armed && time.nanos() - armedNanos >= limitNanos) {
      armed = false;
      expired.run();
    }
  }
}
