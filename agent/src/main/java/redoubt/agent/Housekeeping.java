package redoubt.agent;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Does what is due every two seconds until the agent is asked to stop: nothing of it is waited
/// for. One thread runs it.
///
/// @param stopRequested open once the agent is asked to stop
/// @param chores done one after the other; each may wait for the disk
record Housekeeping(CountDownLatch stopRequested, List<Runnable> chores) implements Runnable {
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  Housekeeping {
    chores = List.copyOf(chores);
  }

  @Override
  public void run() {
    try {
      while (!stopRequested.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        chores.forEach(Runnable::run);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
