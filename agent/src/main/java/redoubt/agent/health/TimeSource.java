package redoubt.agent.health;

/// The seam through which the agent sees time, so that tests can let clocks jump and hosts sleep.
///
/// Deadlines use [#nanos] alone: a wall clock that jumps moves no deadline, and a suspended host
/// makes none expire, because `CLOCK_MONOTONIC` stands still during suspend.
public interface TimeSource {
  /// Nanoseconds from an arbitrary origin, never going back, not counting suspend.
  long nanos();

  /// Wall-clock time in milliseconds since the epoch; may jump in either direction.
  long wallMillis();

  /// The host's clocks.
  static TimeSource system() {
    return SystemTime.INSTANCE;
  }

  /// `System.nanoTime` reads `CLOCK_MONOTONIC` on Linux.
  enum SystemTime implements TimeSource {
    /// The only instance.
    INSTANCE;

    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public long wallMillis() {
      return System.currentTimeMillis();
    }
  }
}
