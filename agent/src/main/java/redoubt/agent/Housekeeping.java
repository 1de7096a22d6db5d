package redoubt.agent;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import redoubt.core.linux.ServiceManager;

/// Does what is due every two seconds until the agent is asked to stop: nothing of it is waited
/// for. One thread runs it, and tells whoever watches over this service, if anybody does.
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
    Optional<ServiceManager> manager = ServiceManager.at(System.getenv("NOTIFY_SOCKET"));
    try {
      while (!stopRequested.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        chores.forEach(Runnable::run);
        manager.ifPresent(ServiceManager::sayWell);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
