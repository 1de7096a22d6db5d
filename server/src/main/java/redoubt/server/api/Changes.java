package redoubt.server.api;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// That something has changed which somebody may be looking at. Thread-safe.
public final class Changes {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long number;
  private boolean ended;

  /// Nothing has changed yet.
  public Changes() {}

  /// Something has changed.
  public void tell() {
    lock.lock();
    try {
      number++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Nobody is to wait any more.
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean hasEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for news, but not for ever.
  ///
  /// @param known what is known already; -1 for nothing
  /// @return the number of the newest change
  long await(long known, int seconds) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(seconds);
      while (number == known && !ended && left > 0) {
        left = changed.awaitNanos(left);
      }
      return number;
    } finally {
      lock.unlock();
    }
  }
}
