package redoubt.agent.account;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The names with the greatest weight among any number of them, in bounded memory: the Space-Saving
/// algorithm (Metwally, Agrawal and El Abbadi, *Efficient Computation of Frequent and Top-k
/// Elements in Data Streams*, ICDT 2005).
///
/// A name that finds no room takes the place of the lightest one and inherits its weight. So up to
/// the capacity all is exact; beyond it, every name heavier than the total divided by the capacity
/// is there, and a weight is too great by that at most. Nobody can push a heavy name out with many
/// light ones. For one thread.
public final class Ranking {
  private static final Comparator<Entry> LIGHTEST_FIRST =
      Comparator.comparingLong(entry -> entry.waitedNanos);

  private final int capacity;
  private final Map<String, Entry> byName = new HashMap<>();

  /// A binary heap with the lightest entry in front.
  private final List<Entry> heap = new ArrayList<>();

  private static final class Entry {
    private String name;
    private long operations;
    private long waitedNanos;
    private long denied;
    private int place;

    Entry(String name) {
      this.name = name;
    }

    Spot spot() {
      return new Spot(name, operations, waitedNanos, denied);
    }
  }

  /// @param capacity the most names, at least 1
  public Ranking(int capacity) {
    this.capacity = capacity;
  }

  /// Adds one operation of a name.
  ///
  /// @param waitedNanos its weight
  public void add(String name, long waitedNanos, boolean denied) {
    add(new Spot(name, 1, waitedNanos, denied ? 1 : 0));
  }

  private void add(Spot more) {
    Entry entry = byName.get(more.name());
    if (entry == null) {
      entry = place(more.name());
    }
    entry.operations += more.operations();
    entry.waitedNanos += more.waitedNanos();
    entry.denied += more.denied();
    sink(entry);
  }

  /// The heaviest names, the heaviest first.
  public List<Spot> top(int most) {
    return heap.stream().sorted(LIGHTEST_FIRST.reversed()).limit(most).map(Entry::spot).toList();
  }

  /// Both together.
  static Ranking merge(Ranking a, Ranking b) {
    Ranking both = new Ranking(a.capacity + b.capacity);
    a.heap.forEach(entry -> both.add(entry.spot()));
    b.heap.forEach(entry -> both.add(entry.spot()));
    return both;
  }

  private Entry place(String name) {
    if (heap.size() < capacity) {
      Entry entry = new Entry(name);
      byName.put(name, entry);
      heap.add(entry);
      entry.place = heap.size() - 1;
      rise(entry);
      return entry;
    }
    Entry lightest = heap.getFirst();
    byName.remove(lightest.name);
    lightest.name = name;
    lightest.operations = 0;
    lightest.denied = 0;
    byName.put(name, lightest);
    return lightest;
  }

  private void rise(Entry entry) {
    while (entry.place > 0) {
      Entry parent = heap.get((entry.place - 1) / 2);
      if (parent.waitedNanos <= entry.waitedNanos) {
        return;
      }
      swap(entry, parent);
    }
  }

  private void sink(Entry entry) {
    while (true) {
      Entry lightest = entry;
      for (int child = 2 * entry.place + 1; child <= 2 * entry.place + 2; child++) {
        if (child < heap.size() && heap.get(child).waitedNanos < lightest.waitedNanos) {
          lightest = heap.get(child);
        }
      }
      if (lightest == entry) {
        return;
      }
      swap(entry, lightest);
    }
  }

  private void swap(Entry a, Entry b) {
    int place = a.place;
    a.place = b.place;
    b.place = place;
    heap.set(a.place, a);
    heap.set(b.place, b);
  }
}
