package redoubt.agent.decision;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A bounded queue that serves its actors in turn: one actor's load makes that actor wait, and no
/// other. Thread-safe; the lock is held for a few instructions only.
///
/// @param <T> what waits
public final class FairQueue<T> {
  private final int capacity;
  private final int perActor;
  private final Map<Integer, ArrayDeque<T>> byActor = new HashMap<>();
  private final ArrayDeque<Integer> turns = new ArrayDeque<>();
  private int size;

  /// @param capacity the most elements
  /// @param perActor the most elements of one unprivileged actor; root (0) may fill the queue
  public FairQueue(int capacity, int perActor) {
    this.capacity = capacity;
    this.perActor = perActor;
  }

  /// What became of an offered element.
  public enum Offered {
    /// It waits.
    TAKEN,
    /// The queue is full.
    FULL,
    /// This actor's share is used up.
    ACTOR_FULL
  }

  /// Adds an element for an actor, named by user id.
  public synchronized Offered offer(int actor, T element) {
    if (size >= capacity) {
      return Offered.FULL;
    }
    ArrayDeque<T> own = byActor.get(actor);
    if (own == null) {
      own = new ArrayDeque<>(4);
      byActor.put(actor, own);
      turns.add(actor);
    } else if (actor != 0 && own.size() >= perActor) {
      return Offered.ACTOR_FULL;
    }
    own.add(element);
    size++;
    notify();
    return Offered.TAKEN;
  }

  /// Takes the next element in turn, or null if none waits.
  public synchronized @Nullable T poll() {
    Integer actor = turns.poll();
    if (actor == null) {
      return null;
    }
    ArrayDeque<T> own = byActor.get(actor);
    T element = own == null ? null : own.poll();
    if (own == null || own.isEmpty()) {
      byActor.remove(actor);
    } else {
      turns.add(actor);
    }
    size--;
    return element;
  }

  /// Waits for an element and takes it in turn.
  ///
  /// @throws InterruptedException if the thread is asked to end
  public synchronized T take() throws InterruptedException {
    while (true) {
      T element = poll();
      if (element != null) {
        return element;
      }
      wait();
    }
  }

  /// How many elements wait.
  public synchronized int size() {
    return size;
  }
}
