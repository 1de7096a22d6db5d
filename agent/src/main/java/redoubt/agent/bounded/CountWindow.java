package redoubt.agent.bounded;

import java.time.Duration;

/// Counts what happens within a time, then begins anew. Not thread-safe.
public final class CountWindow {
  private final long windowNanos;
  private long since;
  private int count;

  /// @param window how long it counts, from the first that it counts
  public CountWindow(Duration window) {
    windowNanos = window.toNanos();
  }

  /// Counts one more.
  ///
  /// @param nowNanos as of [System#nanoTime]
  /// @return how many there were in this window, this one included
  public int add(long nowNanos) {
    if (count == 0 || nowNanos - since > windowNanos) {
      since = nowNanos;
      count = 0;
    }
    return ++count;
  }
}
