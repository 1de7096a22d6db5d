package redoubt.server.rollouts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import redoubt.server.store.RolloutStore;

/// What controllers are to be told, and the journal where it is written down first. For one thread.
///
/// A database that is gone in the middle of a transaction does not say whether that has happened.
/// So a line keeps its number and its words until it is known to be on disk, and is written again
/// as it was: what is there already is the same.
final class EventJournal {
  private static final int LINE_EVENTS = 10_000;

  private final RolloutStore store;
  private long next;
  private List<Logged> unwritten = new ArrayList<>();
  private Optional<Line> unsure = Optional.empty();

  /// A line of the journal.
  ///
  /// @param atSeconds when it was written, since the epoch
  /// @param isOrder whether somebody waits to hear that it is done
  record Line(long sequence, long atSeconds, List<Logged> events, boolean isOrder) {}

  EventJournal(RolloutStore store) {
    this.store = store;
    next = store.nextSequence();
  }

  /// Adds what is to be written down.
  void add(List<Logged> events) {
    unwritten.addAll(events);
  }

  /// Whether so much waits that nothing should be added.
  boolean isFull() {
    return unwritten.size() >= LINE_EVENTS;
  }

  /// Nobody is to be told what waits.
  void clear() {
    unwritten = new ArrayList<>();
  }

  /// Writes a line of what waits.
  ///
  /// @return what is on disk and not acted on yet; nothing if nothing waits
  Optional<Line> write(long nowSeconds) {
    if (unsure.isPresent()) {
      return settle(unsure.get());
    }
    if (unwritten.isEmpty()) {
      return Optional.empty();
    }
    int count = Math.min(LINE_EVENTS, unwritten.size());
    Line line = new Line(next, nowSeconds, List.copyOf(unwritten.subList(0, count)), false);
    unwritten = new ArrayList<>(unwritten.subList(count, unwritten.size()));
    return Optional.of(append(line));
  }

  /// Writes a line of its own, when nothing waits.
  Line write(Logged order, long nowSeconds) {
    return append(new Line(next, nowSeconds, List.of(order), true));
  }

  /// Whoever ordered something was told that it failed: that is so, unless it is on disk.
  private Optional<Line> settle(Line line) {
    if (line.isOrder() && store.nextSequence() <= line.sequence()) {
      unsure = Optional.empty();
      return write(line.atSeconds());
    }
    return Optional.of(append(line));
  }

  private Line append(Line line) {
    unsure = Optional.of(line);
    store.append(
        new RolloutStore.Line(line.sequence(), line.atSeconds(), EventJson.write(line.events())));
    unsure = Optional.empty();
    next = line.sequence() + 1;
    return line;
  }
}
