package redoubt.agent.hook;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import redoubt.core.linux.EventSignal;

/// Processes that executed something, on their way to whoever looks where. Any thread may add; one
/// thread takes, and sleeps on [#descriptor] between.
final class ExecutedProcesses implements AutoCloseable {
  private static final int MOST = 1024;

  private final ConcurrentLinkedQueue<Integer> pids = new ConcurrentLinkedQueue<>();

  /// How many there are; less for a moment while one that is taken already is still being added.
  private final AtomicInteger waiting = new AtomicInteger();

  private final EventSignal signal = EventSignal.open();

  /// Readable while there may be some.
  int descriptor() {
    return signal.descriptor();
  }

  /// Adds one; dropped if too many wait. Never blocks.
  void add(int pid) {
    if (waiting.get() >= MOST) {
      return;
    }
    // It is there before it is counted: whoever takes the last one counted may else go to sleep
    // beside one that nobody wakes it for.
    pids.add(pid);
    if (waiting.getAndIncrement() == 0) {
      signal.raise();
    }
  }

  /// Takes all that are there.
  void takeAll(IntConsumer each) {
    signal.drain();
    for (Integer pid = pids.poll(); pid != null; pid = pids.poll()) {
      waiting.decrementAndGet();
      each.accept(pid);
    }
  }

  @Override
  public void close() {
    signal.close();
  }
}
