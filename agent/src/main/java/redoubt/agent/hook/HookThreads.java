package redoubt.agent.hook;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redoubt.core.linux.DescriptorTable;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.LinuxException;

/// The threads that have the hook: those that read from it, and one that does for all others what
/// only these can do.
///
/// They share a table of descriptors that no other thread of the agent has. The kernel lets
/// everybody go on who waits at the hook when the last thread that has it ends, and a thread that
/// waits for a disk or a server that never answers does not end, not even by SIGKILL. These threads
/// open no file and read none, so the death of the agent frees the host, whatever its other threads
/// are doing.
///
/// What comes with an event is theirs too. Other threads [#take] copies, which are the same open
/// files; what is to be done to the originals they hand over, and it is done in the order in which
/// each thread handed it over. Where the kernel cannot give out copies (before Linux 6.9) there is
/// one table for all: then every thread is [#here], and nothing is handed over.
///
/// Thread-safe.
public final class HookThreads {
  /// How long the serving thread looks for more work before it sleeps, so that a burst does not
  /// cost a wake-up each.
  private static final long LINGER_NANOS = 2_000_000L;

  private static final int QUIET_TURNS = 3;

  private final ConcurrentLinkedQueue<Runnable> work = new ConcurrentLinkedQueue<>();

  /// Copies that are left to a thread that has none of these descriptors to close.
  private final ConcurrentLinkedQueue<Integer> strays = new ConcurrentLinkedQueue<>();

  /// The table of these threads as others reach it, or null if all have the same.
  private final @Nullable DescriptorTable table;

  private final @Nullable Thread server;
  private volatile boolean idle;

  private HookThreads() {
    table = null;
    server = null;
  }

  private HookThreads(FutureTask<Integer> separation) {
    Thread first =
        new HookThread(
            "hook",
            () -> {
              separation.run();
              serve();
            });
    server = first;
    first.start();
    table = DescriptorTable.ofThread(get(separation));
  }

  /// Begins with the one thread that serves the others. Where the kernel refuses it a table of its
  /// own, it has everybody's.
  public static HookThreads begin() {
    try (DescriptorTable _ = DescriptorTable.ofThread(DescriptorTable.thisThread())) {
      return new HookThreads(
          new FutureTask<>(() -> {
            DescriptorTable.separate();
            return DescriptorTable.thisThread();
          }));
    } catch (LinuxException _) {
      return new HookThreads();
    }
  }

  /// Whether the hook lives and dies with these threads, whatever the others do.
  public boolean haveOwnTable() {
    return table != null;
  }

  /// Whether the calling thread has the hook and what came through it.
  boolean here() {
    return table == null
        || (Thread.currentThread() instanceof HookThread mine && mine.family() == this);
  }

  /// Starts another thread that has the hook.
  public void start(String name, Runnable body) {
    if (here()) {
      new HookThread(name, body).start();
    } else {
      hand(() -> new HookThread(name, body).start());
    }
  }

  /// Has something done that only these threads can do, after what the calling thread handed over
  /// before. Does not wait.
  public void hand(Runnable task) {
    work.add(task);
    LockSupport.unpark(server);
  }

  /// As [#hand], for what may take its time: it does not disturb a thread that is about to look.
  void handIdly(Runnable task) {
    work.add(task);
    if (idle) {
      LockSupport.unpark(server);
    }
  }

  /// Has something done that only these threads can do, and waits for the outcome.
  ///
  /// @throws RuntimeException what `task` throws
  <T> T call(Supplier<T> task) {
    if (here()) {
      return task.get();
    }
    FutureTask<T> call = new FutureTask<>(task::get);
    hand(call);
    return get(call);
  }

  /// The outcome of a task. The waiting is not interrupted: a task takes no longer than a system
  /// call that waits for nobody.
  private static <T> T get(FutureTask<T> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof LinuxException refused ? refused : new CompletionException(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Copies a descriptor of these threads, for a thread that is not [#here]. Allocates nothing.
  ///
  /// @return the copy, or a negative error number
  int take(int descriptor) {
    for (Integer stray = strays.poll(); stray != null; stray = strays.poll()) {
      Descriptors.close(stray);
    }
    DescriptorTable theirs = table;
    return theirs == null ? descriptor : theirs.take(descriptor);
  }

  /// Closes a copy that [#take] made, by whichever thread: at once, or when one takes the next.
  void giveBack(int copy) {
    if (copy < 0) {
      return;
    }
    if (here()) {
      strays.add(copy);
    } else {
      Descriptors.close(copy);
    }
  }

  /// Copies a descriptor of the other threads, for a thread that is [#here].
  ///
  /// @return a descriptor that the caller closes
  /// @throws LinuxException if there is none left
  int bring(int descriptor) {
    try (DescriptorTable others = DescriptorTable.ofThisProcess()) {
      int brought = others.take(descriptor);
      if (brought < 0) {
        throw new LinuxException("pidfd_getfd", -brought, "descriptor=" + descriptor);
      }
      return brought;
    }
  }

  private void serve() {
    int quietTurns = 0;
    while (true) {
      Runnable task = work.poll();
      if (task != null) {
        task.run();
        quietTurns = 0;
      } else if (quietTurns++ < QUIET_TURNS) {
        LockSupport.parkNanos(this, LINGER_NANOS);
      } else {
        idle = true;
        if (work.isEmpty()) {
          LockSupport.park(this);
        }
        idle = false;
        quietTurns = 0;
      }
    }
  }

  /// Told from others by its class, which costs the answer path nothing.
  private final class HookThread extends Thread {
    HookThread(String name, Runnable body) {
      super(body, name);
      setDaemon(true);
    }

    HookThreads family() {
      return HookThreads.this;
    }
  }
}
