package redoubt.agent.engine;

/// Counts what happens within ten seconds, then begins anew. Not thread-safe.
final class CountWindow {
  private static final long WINDOW_NANOS = 10_000_000_000L;

  private long since;
  private int count;

  /// Counts one more.
  ///
  /// @return how many there were in this window, this one included
  int add(long nowNanos) {
    if (count == 0 || nowNanos - since > WINDOW_NANOS) {
      since = nowNanos;
      count = 0;
    }
    return ++count;
  }
}
