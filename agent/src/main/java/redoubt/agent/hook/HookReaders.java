package redoubt.agent.hook;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// The reading threads, started among those that have the hook.
///
/// For one thread, but [#stop] may be called by another.
public final class HookReaders {
  private final HookThreads threads;
  private final List<HookLoop> loops = new ArrayList<>();

  public HookReaders(HookThreads threads) {
    this.threads = threads;
  }

  /// Starts a thread for each loop, and returns when the deadman of each is armed: after that
  /// something may be marked.
  ///
  /// @param prepare runs first on every thread that may answer the kernel, to set its priority
  public synchronized void start(Runnable prepare, HookLoop... each) {
    threads.hand(prepare);
    CountDownLatch armed = new CountDownLatch(each.length);
    for (HookLoop loop : each) {
      threads.start(
          "reader-" + loops.size(),
          () -> {
            prepare.run();
            loop.arm();
            armed.countDown();
            loop.run();
          });
      loops.add(loop);
    }
    try {
      armed.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Asks every loop to end after its current turn; does not wait.
  public synchronized void stop() {
    loops.forEach(HookLoop::stop);
  }
}
