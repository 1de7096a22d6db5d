package redoubt.testing.system;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// A thread that sleeps for milliseconds and notes by how much it overslept: shows when the machine
/// under the tests gave nobody a processor, as shared ones do now and then. Thread-safe.
final class Stalls implements AutoCloseable {
  private static final long STEP_NANOS = 5_000_000L;

  private final Thread thread;
  private volatile boolean closed;
  private volatile long longestNanos;

  Stalls() {
    thread = Thread.ofPlatform().name("stalls").daemon().start(this::watch);
  }

  private void watch() {
    long longest = 0;
    while (!closed) {
      long before = System.nanoTime();
      LockSupport.parkNanos(STEP_NANOS);
      longest = Math.max(longest, System.nanoTime() - before - STEP_NANOS);
      longestNanos = longest;
    }
  }

  /// The longest time for which it was kept from running so far.
  Duration longest() {
    return Duration.ofNanos(longestNanos);
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
