package redoubt.agent.health;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/// The agent's counters since its start. Safe for use by any thread; adding never allocates.
// counters are slots of an array, and the enum is the list of the slots
@SuppressWarnings("EnumOrdinal")
public final class Counters {
  private static final Counter[] ALL = Counter.values();

  private final AtomicLongArray values = new AtomicLongArray(ALL.length);

  /// Starts every counter at zero.
  public Counters() {}

  /// Adds one.
  public void add(Counter counter) {
    values.incrementAndGet(counter.ordinal());
  }

  /// Adds `amount`, which is not negative.
  public void add(Counter counter, long amount) {
    values.addAndGet(counter.ordinal(), amount);
  }

  /// Reads one counter.
  public long value(Counter counter) {
    return values.get(counter.ordinal());
  }

  /// Returns every counter by its metric name, in the order of names.
  public Map<String, Long> snapshot() {
    Map<String, Long> snapshot = new TreeMap<>();
    for (Counter counter : ALL) {
      snapshot.put(counter.metric(), value(counter));
    }
    return snapshot;
  }
}
