package redoubt.testing.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import redoubt.agent.health.TimeSource;

/// Two clocks that move only when told, and an agenda of what is to happen when.
///
/// The monotonic clock starts shortly before it overflows, so that a comparison that does not
/// subtract is found out. Not thread-safe.
public final class SimulatedTime implements TimeSource {
  private static final long ORIGIN_NANOS = Long.MAX_VALUE - 1_500_000_000L;
  private static final long WALL_ORIGIN_NANOS = 1_790_000_000_000_000_000L;

  private final PriorityQueue<Due> agenda = new PriorityQueue<>();
  private final List<Runnable> followers = new ArrayList<>();
  private long nanos = ORIGIN_NANOS;
  private long wallNanos = WALL_ORIGIN_NANOS;
  private long entries;

  /// The clocks at their origins, with nothing on the agenda.
  public SimulatedTime() {}

  /// What is to happen at a time; what was entered first comes first.
  private record Due(long atNanos, long entry, Runnable what) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.signum(atNanos - other.atNanos);
      return byTime != 0 ? byTime : Long.compare(entry, other.entry);
    }
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public long wallMillis() {
    return Math.floorDiv(wallNanos, 1_000_000L);
  }

  /// The wall clock with all its digits, as the kernel stamps files with it.
  public long wallNanos() {
    return wallNanos;
  }

  /// Enters something to happen after `delayNanos`, which is not negative.
  public void after(long delayNanos, Runnable what) {
    if (delayNanos < 0) {
      throw new IllegalArgumentException("delay must not be negative: delayNanos=" + delayNanos);
    }
    agenda.add(new Due(nanos + delayNanos, entries++, what));
  }

  /// Has `follower` called after every move of the monotonic clock, as the threads are that sleep
  /// until a time.
  public void follow(Runnable follower) {
    followers.add(follower);
  }

  /// Lets time pass; what falls due happens at its own time. What happens may let time pass too.
  public void advance(long byNanos) {
    long end = nanos + byNanos;
    Due next = agenda.peek();
    while (next != null && next.atNanos() - end <= 0) {
      runNext();
      next = agenda.peek();
    }
    moveTo(end);
  }

  /// Moves to the next thing on the agenda and lets it happen.
  ///
  /// @return false if nothing is left
  public boolean runNext() {
    Due next = agenda.poll();
    if (next == null) {
      return false;
    }
    moveTo(next.atNanos());
    next.what().run();
    return true;
  }

  /// How long it is until the next thing on the agenda, -1 if nothing is.
  public long nanosToNext() {
    Due next = agenda.peek();
    return next == null ? -1 : Math.max(0, next.atNanos() - nanos);
  }

  /// Somebody sets the wall clock, forward or back; the monotonic clock does not notice.
  public void jumpWall(Duration by) {
    wallNanos += by.toNanos();
  }

  /// The host sleeps: the wall clock goes on, `CLOCK_MONOTONIC` and with it the agenda stand still.
  public void suspend(Duration asleep) {
    jumpWall(asleep);
  }

  private void moveTo(long atNanos) {
    if (atNanos - nanos <= 0) {
      return;
    }
    wallNanos += atNanos - nanos;
    nanos = atNanos;
    followers.forEach(Runnable::run);
  }
}
