package redoubt.server.rollouts;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The one thread on which everything about rollouts happens. Thread-safe.
final class DeskThread implements AutoCloseable {
  private static final int END_SECONDS = 5;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("rollouts").daemon().factory());

  /// Does something again and again.
  ///
  /// @param turn throws nothing
  void every(int millis, Runnable turn) {
    var _ = thread.scheduleWithFixedDelay(turn, millis, millis, TimeUnit.MILLISECONDS);
  }

  /// Does something between two turns; blocks until it is done.
  <T> T ask(Callable<T> work) {
    try {
      return thread.submit(work).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException problem) {
        throw problem;
      }
      throw new IllegalStateException("the rollouts cannot be asked", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      var _ = thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
