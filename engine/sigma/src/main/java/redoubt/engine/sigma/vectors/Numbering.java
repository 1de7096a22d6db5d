package redoubt.engine.sigma.vectors;

/// The numbers of one vector, which no other has: when it happens, which processes are in it.
///
/// @param number of the vector, from 0
/// @param stepNanos from the beginning of one vector to that of the next
record Numbering(int number, long stepNanos) {
  /// 2001-09-09.
  private static final long FIRST_NANOS = 1_000_000_000_000_000_000L;

  private static final int FIRST_PID = 1_000_000;
  private static final int PIDS = 1_024;

  /// The most processes of an event.
  static final int PIDS_AN_EVENT = 3;

  /// How many vectors there may be.
  static int most(long stepNanos) {
    long byTime = (Long.MAX_VALUE - FIRST_NANOS) / stepNanos - 1;
    return (int) Math.min(byTime, (Integer.MAX_VALUE - FIRST_PID) / PIDS - 1);
  }

  long beginNanos() {
    return FIRST_NANOS + number * stepNanos;
  }

  /// The first process of an event of the vector.
  int pid(int event) {
    return FIRST_PID + number * PIDS + event * PIDS_AN_EVENT;
  }

  Numbering next() {
    return new Numbering(number + 1, stepNanos);
  }
}
