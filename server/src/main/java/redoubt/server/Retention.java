package redoubt.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import redoubt.server.log.Outage;
import redoubt.server.store.RecordStore;

/// Lets go of what hosts' journals said longer ago than the owner keeps it. Thread-safe.
final class Retention implements AutoCloseable {
  private static final int BETWEEN_MINUTES = 60;

  private final RecordStore records;
  private final Duration keep;
  private final InstantSource clock;
  private final Outage outage = new Outage("old records cannot be deleted");
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("retention").daemon().factory());

  /// Begins at once.
  Retention(RecordStore records, Duration keep, InstantSource clock) {
    this.records = records;
    this.keep = keep;
    this.clock = clock;
    var _ = thread.scheduleWithFixedDelay(this::forget, 0, BETWEEN_MINUTES, TimeUnit.MINUTES);
  }

  private void forget() {
    try {
      boolean isAll = false;
      while (!thread.isShutdown() && !isAll) {
        isAll = records.forgetBefore(clock.instant().minus(keep));
      }
      outage.isOver();
    } catch (RuntimeException e) {
      outage.goesOn(e);
    }
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
