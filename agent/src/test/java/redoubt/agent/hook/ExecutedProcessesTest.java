package redoubt.agent.hook;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import redoubt.core.linux.Poller;

class ExecutedProcessesTest {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int ROUNDS = 20_000;
  private static final int PER_ROUND = 8;

  /// One that is added while the last one is taken wakes whoever takes, too.
  @Test
  void noneIsLeftBesideASleeper() throws InterruptedException {
    AtomicInteger added = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    try (ExecutedProcesses processes = new ExecutedProcesses();
        Poller poller = Poller.open();
        Poller.Wait wait = poller.openWait(1)) {
      poller.add(processes.descriptor(), 1);
      Thread adder =
          Thread.ofPlatform()
              .start(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                  for (int i = 0; i < PER_ROUND; i++) {
                    processes.add(1);
                    added.incrementAndGet();
                  }
                  while (taken.get() < added.get() && !Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                  }
                }
              });
      while (taken.get() < ROUNDS * PER_ROUND) {
        int ready = wait.await(PATIENCE_MILLIS);
        if (ready == 0) {
          adder.interrupt();
        }
        assertTrue(ready > 0, () -> "asleep beside some: added=" + added + " taken=" + taken);
        processes.takeAll(_ -> taken.incrementAndGet());
      }
      adder.join();
    }
  }
}
