package redoubt.core.linux;

import java.util.concurrent.atomic.AtomicInteger;

/// A descriptor with one owner, closed once: later uses see -1, which no open file has, instead of
/// a number that may stand for something else by then.
///
/// Thread-safe, but a call that is under way when another thread closes may still be reached by the
/// reuse of the number: owners say who may close when.
final class OwnedDescriptor implements AutoCloseable {
  private final AtomicInteger number;

  OwnedDescriptor(int number) {
    this.number = new AtomicInteger(number);
  }

  int number() {
    return number.get();
  }

  @Override
  public void close() {
    int open = number.getAndSet(-1);
    if (open >= 0) {
      Descriptors.close(open);
    }
  }
}
