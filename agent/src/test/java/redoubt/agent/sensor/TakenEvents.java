package redoubt.agent.sensor;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;

/// Keeps the events of one kind that sensors tell of. Thread-safe.
final class TakenEvents<E extends HostEvent> implements HostEventSink {
  private final Class<E> kind;
  private final List<E> taken = new CopyOnWriteArrayList<>();

  TakenEvents(Class<E> kind) {
    this.kind = kind;
  }

  @Override
  public boolean wants(EventClass eventClass) {
    return true;
  }

  @Override
  public void take(HostEvent event) {
    if (kind.isInstance(event)) {
      taken.add(kind.cast(event));
    }
  }

  @Override
  public void flush() {}

  /// All so far.
  List<E> all() {
    return taken;
  }

  /// All, as soon as there are so many.
  List<E> await(int count) throws InterruptedException {
    while (taken.size() < count) {
      Thread.sleep(5);
    }
    return taken;
  }

  /// The first that is wanted; waits until there is one.
  E await(Predicate<E> wanted) throws InterruptedException {
    while (true) {
      for (E event : taken) {
        if (wanted.test(event)) {
          return event;
        }
      }
      Thread.sleep(5);
    }
  }
}
