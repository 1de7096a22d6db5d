package redoubt.agent.provenance;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Does what another process could make hang, on threads of its own, and gives up on it: reading a
/// process's arguments waits for its memory map, looking at a path waits for its file system.
/// Thread-safe.
///
/// A thread that hangs is not waited for again; while all of them do, every answer is the one for
/// want of another.
final class AsideReader {
  /// The most threads.
  static final int MOST = 4;

  private static final Duration PATIENCE = Duration.ofMillis(20);
  private static final int IDLE_SECONDS = 10;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          MOST,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().name("aside-", 0).daemon().factory());

  /// Does the work, or gives up.
  ///
  /// @param otherwise the answer if it takes too long or fails
  <T> T read(Callable<T> work, T otherwise) {
    try {
      Future<T> answer = threads.submit(work);
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException | ExecutionException | TimeoutException _) {
      return otherwise;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return otherwise;
    }
  }
}
