package redoubt.agent.engine;

import redoubt.agent.health.TimeSource;

/// How an engine keeps its deadlines, and what follows: demotion after a few misses, recovery after
/// it has kept them again for a while.
///
/// A miss counts against the engine only if the engine answered nothing at all in time while the
/// event was with it. If it did answer others, it works, and the wait is owed to the load: then the
/// actor who caused it is throttled, and one user's flood cannot switch an engine off. Thread-safe.
final class EngineConduct {
  /// Misses within the window that demote.
  static final int MISSES = 5;

  /// The window in which misses add up.
  static final long WINDOW_NANOS = 10_000_000_000L;

  /// Timely answers in a row that end a demotion.
  static final int TIMELY_ANSWERS = 5;

  /// The shortest demotion; doubled for each demotion that follows soon, up to [#LONGEST_NANOS].
  static final long SHORTEST_NANOS = 5_000_000_000L;

  static final long LONGEST_NANOS = 300_000_000_000L;

  private final TimeSource time;
  private int misses;
  private long windowStart;
  private boolean demoted;
  private long demotedAt;
  private long demotionNanos = SHORTEST_NANOS;
  private int timely;
  private volatile long lastTimelyNanos;
  private volatile boolean demotedNow;

  EngineConduct(TimeSource time) {
    this.time = time;
    this.lastTimelyNanos = time.nanos() - WINDOW_NANOS;
  }

  /// What a call changed.
  enum Change {
    NONE,
    DEMOTED,
    RECOVERED
  }

  /// Whether the platform has stopped waiting for the engine.
  boolean demoted() {
    return demotedNow;
  }

  /// Whether the engine answered something in time after `sinceNanos`: it works.
  boolean workedSince(long sinceNanos) {
    return lastTimelyNanos - sinceNanos > 0;
  }

  /// Another process with other content begins anew.
  synchronized void forget() {
    demoted = false;
    demotedNow = false;
    demotedAt = 0;
    demotionNanos = SHORTEST_NANOS;
    misses = 0;
    timely = 0;
  }

  /// The engine answered within the soft deadline.
  synchronized Change timely() {
    long now = time.nanos();
    lastTimelyNanos = now;
    if (!demoted) {
      return Change.NONE;
    }
    timely++;
    if (timely < TIMELY_ANSWERS || now - demotedAt < demotionNanos) {
      return Change.NONE;
    }
    demoted = false;
    demotedNow = false;
    misses = 0;
    return Change.RECOVERED;
  }

  /// The engine answered too late, or not at all, and it is to blame.
  synchronized Change missed() {
    long now = time.nanos();
    timely = 0;
    if (demoted) {
      return Change.NONE;
    }
    if (misses == 0 || now - windowStart > WINDOW_NANOS) {
      misses = 0;
      windowStart = now;
    }
    if (++misses < MISSES) {
      return Change.NONE;
    }
    boolean soonAgain = demotedAt != 0 && now - demotedAt < 2 * LONGEST_NANOS;
    demotionNanos = soonAgain ? Math.min(LONGEST_NANOS, 2 * demotionNanos) : SHORTEST_NANOS;
    demoted = true;
    demotedNow = true;
    demotedAt = now;
    return Change.DEMOTED;
  }
}
