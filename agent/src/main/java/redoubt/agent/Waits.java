package redoubt.agent;

import java.util.concurrent.CountDownLatch;

/// Waiting that an interruption ends; the thread stays interrupted.
final class Waits {
  private Waits() {}

  /// Waits for a thread to end.
  static void end(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits for a latch to open.
  static void latch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
