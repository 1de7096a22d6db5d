package redoubt.agent.engine;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/// The latest latencies of one engine, for its percentiles. Thread-safe; adding never allocates.
final class LatencyWindow {
  private static final int SIZE = 1024;

  private final AtomicLongArray nanos = new AtomicLongArray(SIZE);
  private final AtomicInteger count = new AtomicInteger();

  void add(long latencyNanos) {
    int index = count.getAndUpdate(n -> n == Integer.MAX_VALUE ? SIZE : n + 1);
    nanos.set(index % SIZE, latencyNanos);
  }

  void clear() {
    count.set(0);
  }

  /// The given quantile in microseconds, 0 if nothing was added.
  ///
  /// @param quantile 0 to 1
  long micros(double quantile) {
    int filled = Math.min(count.get(), SIZE);
    if (filled == 0) {
      return 0;
    }
    long[] sorted = new long[filled];
    for (int i = 0; i < filled; i++) {
      sorted[i] = nanos.get(i);
    }
    Arrays.sort(sorted);
    return sorted[(int) Math.round(quantile * (filled - 1))] / 1_000;
  }
}
