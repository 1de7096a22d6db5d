package redoubt.agent.sensor;

import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;

/// Adds to a counter what a hook has lost, by the number that the hook keeps of it. Not
/// thread-safe.
final class LossCount {
  private final Counters counters;
  private final Counter counter;
  private long counted;

  LossCount(Counters counters, Counter counter) {
    this.counters = counters;
    this.counter = counter;
  }

  /// Counts what was lost since the last call.
  ///
  /// @param total how much was lost since the hook began
  /// @return whether that is more than at the last call
  boolean grewTo(long total) {
    boolean more = total != counted;
    if (more) {
      counters.add(counter, total - counted);
      counted = total;
    }
    return more;
  }
}
