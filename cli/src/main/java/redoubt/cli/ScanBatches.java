package redoubt.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import redoubt.core.wire.WireLimits;

/// The files of a walk on their way to those who have them scanned, some at a time. One thread
/// adds, several take.
final class ScanBatches {
  /// A file that was found.
  ///
  /// @param path where
  /// @param sizeBytes how long it was then
  record Found(Path path, long sizeBytes) {}

  /// So much in one request that another thread is not idle meanwhile.
  private static final long BATCH_BYTES = 4 << 20;

  private static final int MOST_WAITING = 64;
  private static final long TICK_MILLIS = 50;

  private final BlockingQueue<List<Found>> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
  private final List<Found> next = new ArrayList<>();
  private long nextBytes;
  private volatile boolean stopped;

  /// Adds a file; waits while too many wait.
  ///
  /// @return false if nobody will take it
  boolean add(Path path, long sizeBytes) {
    next.add(new Found(path, sizeBytes));
    nextBytes += sizeBytes;
    if (next.size() == WireLimits.SCAN_FILES || nextBytes >= BATCH_BYTES) {
      flush();
    }
    return !stopped;
  }

  /// No more will be added: each taker gets an empty batch when all others are gone.
  void end(int takers) {
    flush();
    for (int i = 0; i < takers; i++) {
      put(List.of());
    }
  }

  /// Takes some files; none means the end.
  List<Found> take() throws InterruptedException {
    List<Found> batch = null;
    while (batch == null && !stopped) {
      batch = waiting.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
    return batch == null ? List.of() : batch;
  }

  /// Nobody takes any more.
  void stop() {
    stopped = true;
  }

  private void flush() {
    if (!next.isEmpty()) {
      put(List.copyOf(next));
      next.clear();
      nextBytes = 0;
    }
  }

  private void put(List<Found> batch) {
    try {
      while (!stopped && !waiting.offer(batch, TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        // Those who take are at work.
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      stopped = true;
    }
  }
}
