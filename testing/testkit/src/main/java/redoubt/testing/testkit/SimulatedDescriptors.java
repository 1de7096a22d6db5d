package redoubt.testing.testkit;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The agent's descriptor table: the lowest free number is given out next, so that whoever uses a
/// number after closing it soon uses somebody else's.
final class SimulatedDescriptors {
  /// What a descriptor stands for.
  sealed interface Target {
    /// The file of an event.
    ///
    /// @param opener who waits behind it
    record EventFile(SimulatedOpener opener) implements Target {}

    /// The process of an event.
    record Asker(SimulatedOpener opener) implements Target {}
  }

  private static final int FIRST = 100;

  private final Map<Integer, Target> open = new HashMap<>();
  private final BitSet used = new BitSet();
  private int limit;
  private int peak;

  SimulatedDescriptors(int limit) {
    this.limit = limit;
  }

  /// Gives out a descriptor, or -1 if the table is full.
  int open(Target target) {
    if (open.size() >= limit) {
      return -1;
    }
    int number = used.nextClearBit(FIRST);
    used.set(number);
    open.put(number, target);
    peak = Math.max(peak, open.size());
    return number;
  }

  @Nullable Target find(int number) {
    return open.get(number);
  }

  @Nullable Target close(int number) {
    used.clear(number);
    return open.remove(number);
  }

  void setLimit(int newLimit) {
    limit = newLimit;
  }

  int inUse() {
    return open.size();
  }

  int peak() {
    return peak;
  }

  @Override
  public String toString() {
    return open.toString();
  }
}
