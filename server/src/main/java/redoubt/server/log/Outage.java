package redoubt.server.log;

import java.util.concurrent.TimeUnit;

/// Tells of something that fails again and again, without filling the log: of the first time with
/// all that is known, then of how often, once a minute, and of its end. Thread-safe.
public final class Outage {
  private static final System.Logger LOG = System.getLogger("redoubt.server");
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String what;
  private long failures;
  private long toldNanos;

  /// @param what fails, in words that go before a colon
  public Outage(String what) {
    this.what = what;
  }

  /// It has failed.
  public synchronized void goesOn(Throwable cause) {
    failures++;
    long now = System.nanoTime();
    if (failures == 1) {
      toldNanos = now;
      LOG.log(System.Logger.Level.ERROR, what, cause);
    } else if (now - toldNanos > PAUSE_NANOS) {
      toldNanos = now;
      LOG.log(System.Logger.Level.ERROR, what + ": still so: times=" + failures);
    }
  }

  /// It has not.
  public synchronized void isOver() {
    if (failures > 0) {
      LOG.log(System.Logger.Level.INFO, what + ": over: times=" + failures);
      failures = 0;
    }
  }
}
