package redoubt.testing.system;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Waits for what other processes do and nobody announces.
final class Await {
  private static final long INTERVAL_NANOS = Duration.ofMillis(5).toNanos();

  /// Something that may not be there yet.
  interface Attempt<T> {
    Optional<T> find() throws Exception;
  }

  /// Something that may not hold yet.
  interface Condition {
    boolean holds() throws Exception;
  }

  private Await() {}

  /// Tries every few milliseconds until there is a value.
  ///
  /// @param what names the value in the failure
  /// @throws AssertionError if there is none in time
  static <T> T value(String what, Duration limit, Attempt<T> attempt) throws Exception {
    long endNanos = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> found = attempt.find();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() - endNanos > 0) {
        throw new AssertionError(
            "did not come in time: what=" + what + " seconds=" + limit.toSeconds());
      }
      LockSupport.parkNanos(INTERVAL_NANOS);
    }
  }

  /// Tries every few milliseconds until the condition holds.
  ///
  /// @throws AssertionError if it does not in time
  static void until(String what, Duration limit, Condition condition) throws Exception {
    value(what, limit, () -> condition.holds() ? Optional.of(true) : Optional.empty());
  }
}
