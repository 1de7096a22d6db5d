package redoubt.agent.journal;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// A bounded queue of entries: any number of producers, one consumer, in the order of arrival.
///
/// Producers never block; they retry only while others succeed. [#poll] belongs to one thread.
final class EntryRing {
  private final AtomicReferenceArray<@Nullable Entry> slots;
  private final int mask;
  private final AtomicLong tail = new AtomicLong();
  private final AtomicLong head = new AtomicLong();

  /// @param capacity a power of two
  EntryRing(int capacity) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException("capacity must be a power of two: capacity=" + capacity);
    }
    this.slots = new AtomicReferenceArray<>(capacity);
    this.mask = capacity - 1;
  }

  /// Adds the entry.
  ///
  /// @return false if the ring is full
  boolean offer(Entry entry) {
    long at;
    do {
      at = tail.get();
      // The consumer empties a slot before it moves the head, so a slot behind the head is free.
      if (at - head.get() > mask) {
        return false;
      }
    } while (!tail.compareAndSet(at, at + 1));
    slots.set(index(at), entry);
    return true;
  }

  /// Takes the oldest entry.
  ///
  /// @return null if there is none, or if its producer has claimed the slot and not yet filled it
  @Nullable Entry poll() {
    long at = head.get();
    Entry entry = slots.get(index(at));
    if (entry == null) {
      return null;
    }
    slots.set(index(at), null);
    head.set(at + 1);
    return entry;
  }

  /// Whether [#poll] would return null now.
  boolean isDry() {
    return slots.get(index(head.get())) == null;
  }

  /// How many entries were ever added, those being added included.
  long claimed() {
    return tail.get();
  }

  private int index(long position) {
    return (int) position & mask;
  }
}
