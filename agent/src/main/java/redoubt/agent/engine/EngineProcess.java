package redoubt.agent.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redoubt.agent.confinement.EngineGroups.Haste;
import redoubt.agent.confinement.EngineUsage;
import redoubt.agent.health.Counter;
import redoubt.agent.health.TimeSource;
import redoubt.core.model.PlatformNotice;
import redoubt.core.wire.ControlReply;

/// Keeps one engine running: starts a process of it, and another with back-off when that ends, or
/// beside it when it is to have other content.
///
/// One platform thread runs [#run] as long as the engine is registered. [#tick] is called about
/// once a second by another thread.
final class EngineProcess implements Runnable {
  /// An engine that served for so long and ended is missed.
  private static final Duration MISSED = Duration.ofSeconds(30);

  private static final String BACKOFF = "backoff";
  private static final String SUSPENDED = "suspended";
  private static final String STOPPED = "stopped";
  private static final String ENDED = "the engine is ended";
  private static final String GONE = "it had to make room";

  private final EngineSeat seat;
  private final EngineHost host;
  private final EngineSettings settings;
  private final TimeSource time;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /// Whoever pauses before a start goes on at once.
  private final Semaphore awake = new Semaphore(0);

  private final AtomicInteger restarts = new AtomicInteger();

  /// Whoever has it hands over, or begins or ends a trial.
  private final ReentrantLock handing = new ReentrantLock();

  private final EngineFaults faults;
  private volatile boolean stopping;

  /// What is done while no process runs; the words are what `status` shows.
  private volatile String pause = "";

  /// Whether somebody waits for its next start.
  private volatile boolean urgent;

  /// The one that serves, or is to.
  private volatile @Nullable EngineRun current;

  /// The one that is to take over, or is tried.
  private volatile @Nullable EngineRun successor;

  /// The one that has taken over, until it is the current one.
  private @Nullable EngineRun adopted;

  /// Processor time of the runs that have ended.
  private volatile long endedCpuMicros;

  /// @param faults hears of its faults
  /// @param urgent whether somebody waits for its start
  EngineProcess(EngineSeat seat, EngineHost host, EngineFaults faults, boolean urgent) {
    this.seat = seat;
    this.host = host;
    this.faults = faults;
    this.urgent = urgent;
    settings = host.settings();
    time = host.time();
  }

  EngineSeat seat() {
    return seat;
  }

  /// Whether this is the engine that is registered so.
  boolean isOf(Registration registration) {
    return seat.manifest().equals(registration.manifest());
  }

  /// Whether there is nothing to wait for: the engine judges events now, or it cannot for want of
  /// content.
  boolean settled() {
    return judges() || is(EngineRun.Phase.NO_CONTENT);
  }

  /// Whether it judges events now.
  boolean judges() {
    return is(EngineRun.Phase.READY);
  }

  private boolean is(EngineRun.Phase phase) {
    EngineRun run = current;
    return run != null && !run.isDismissed() && run.phase() == phase;
  }

  ControlReply.Engine status() {
    EngineRun run = current;
    return run == null
        ? seat.status(
            pause.isEmpty() ? EngineRun.Phase.STARTING.shown() : pause,
            0,
            settings.uid(seat.slot(), false),
            restarts.get(),
            EngineUsage.NONE.after(endedCpuMicros))
        : seat.status(
            run.phase().shown(),
            run.pid(),
            run.place().uid(),
            restarts.get(),
            run.usage().after(endedCpuMicros));
  }

  @Override
  public void run() {
    EngineBudget budget = new EngineBudget(time);
    while (!stopping) {
      long began = time.nanos();
      EngineRun run = next();
      if (run == null) {
        break;
      }
      EngineEnding ending = run.awaitEnding();
      boolean replaced = ended(run);
      if (stopping) {
        break;
      }
      Duration ran = Duration.ofNanos(time.nanos() - began);
      urgent = run.isDismissed() || ran.compareTo(MISSED) > 0;
      if (run.isDismissed() || replaced) {
        continue;
      }
      if (failed(run, ending)) {
        // What comes now has done nothing yet.
        budget = new EngineBudget(time);
      }
      EngineBudget.Consequence next = budget.charge(ending.fault(), ran);
      pause = next.suspended() ? SUSPENDED : BACKOFF;
      if (next.suspended()) {
        suspended(ending, next.pause());
      }
      pauseFor(next.pause());
      pause = "";
      restarts.incrementAndGet();
    }
    pause = STOPPED;
  }

  /// The one that has taken over, or a fresh one, which this thread then serves to its end; null if
  /// there is to be none.
  private @Nullable EngineRun next() {
    EngineRun run;
    synchronized (this) {
      if (stopping) {
        return null;
      }
      awake.drainPermits();
      EngineRun waiting = adopted;
      if (waiting != null) {
        adopted = null;
        current = waiting;
        return waiting;
      }
      Haste haste = urgent ? Haste.AT_ONCE : Haste.SOON;
      run = fresh(successor, EngineRole.FIRST, seat.content(), haste, _ -> {});
      current = run;
    }
    run.run();
    return run;
  }

  /// Each of two that may run at a time has a place of its own.
  ///
  /// @param other the other one; null if there is none
  private EngineRun fresh(
      @Nullable EngineRun other,
      EngineRole role,
      @Nullable EngineContent content,
      Haste haste,
      Consumer<EngineRun> onReady) {
    boolean second = role != EngineRole.FIRST;
    EnginePlace wanted = EnginePlace.of(settings, seat, second);
    EnginePlace free =
        other != null && other.place().equals(wanted)
            ? EnginePlace.of(settings, seat, !second)
            : wanted;
    return new EngineRun(seat, free, content, host, haste, role, onReady);
  }

  /// @return whether another one has taken its place
  private synchronized boolean ended(EngineRun run) {
    endedCpuMicros += run.usage().cpuMicros();
    current = null;
    return adopted != null;
  }

  /// @return whether the next one is to judge with something else
  private boolean failed(EngineRun run, EngineEnding ending) {
    host.counters().add(Counter.ENGINE_EXITS);
    host.notices().report(PlatformNotice.Kind.ENGINE_GONE, seat.id().value(), ending.text());
    EngineContent content = run.content();
    if (content == null || ending.fault() == EngineEnding.Fault.START) {
      return false; // It had not come to its content.
    }
    EngineContent next = faults.failed(seat.id(), content, ending.text());
    synchronized (this) {
      if (adopted == null && content.equals(seat.content())) {
        seat.setContent(next);
      }
    }
    return !content.equals(next);
  }

  private void suspended(EngineEnding ending, Duration wait) {
    host.counters().add(Counter.ENGINE_SUSPENSIONS);
    host.notices()
        .report(
            PlatformNotice.Kind.ENGINE_SUSPENDED,
            seat.id().value(),
            "not started again for "
                + wait.toSeconds()
                + " s: fault="
                + ending.fault()
                + " times="
                + EngineBudget.most(ending.fault())
                + " last="
                + ending.text());
  }

  /// Has the engine judge with other content: a second process takes it, and takes over from the
  /// first once it is ready. Until then, and if it never is, the first one serves as before. One
  /// that is being tried makes room. Blocks until only one is left.
  ///
  /// @param awaited whether somebody waits for it
  /// @return why it was not done; empty if it was
  Optional<String> handOver(EngineContent content, boolean awaited) {
    handing.lock();
    try {
      return handOverNow(content, awaited);
    } finally {
      handing.unlock();
    }
  }

  private Optional<String> handOverNow(EngineContent content, boolean awaited) {
    abandon(successor, "other content is to take over");
    CompletableFuture<Optional<EngineRun>> ready = new CompletableFuture<>();
    EngineRun run =
        succeed(
            content,
            awaited,
            EngineRole.SUCCESSOR,
            taking -> ready.complete(takeOver(taking, content)),
            ready);
    if (run == null) {
      return Optional.of(ENDED);
    }
    try {
      retire(ready.join());
      return Optional.empty();
    } catch (CompletionException _) {
      return Optional.of(stopping ? ENDED : run.awaitEnding().text());
    } finally {
      successor = null;
    }
  }

  /// Starts a process beside the one that serves.
  ///
  /// @param ready fails when it ends
  /// @return null if there is to be none
  private @Nullable EngineRun succeed(
      EngineContent content,
      boolean awaited,
      EngineRole role,
      Consumer<EngineRun> onReady,
      CompletableFuture<?> ready) {
    EngineRun run;
    synchronized (this) {
      if (stopping) {
        return null;
      }
      EngineRun other = adopted != null ? adopted : current;
      Haste haste = awaited ? Haste.AT_ONCE : Haste.WHENEVER;
      run = fresh(other, role, content, haste, onReady);
      successor = run;
    }
    Thread.ofPlatform()
        .name("engine-" + seat.id() + "-next")
        .daemon()
        .start(() -> {
          run.run();
          ready.completeExceptionally(new IllegalStateException("it has ended"));
        });
    return run;
  }

  /// Ends the one that has served up to now, if there was one.
  private void retire(Optional<EngineRun> before) {
    if (before.isPresent()) {
      // Those who were asked before have their time to answer.
      pauseMillis(2 * settings.softDeadline().toMillis());
      before.get().stop("another process of this engine judges with other content");
      before.get().awaitEnding();
    }
  }

  private static void abandon(@Nullable EngineRun run, String reason) {
    if (run != null) {
      run.stop(reason);
      run.kill();
      run.awaitEnding();
    }
  }

  /// Starts a process with other content, which hears a sample of what is asked and told, and has
  /// no vote. Does not wait for it.
  ///
  /// @return nothing if the engine is ended
  Optional<EngineTrial> beginTrial(EngineContent content) {
    handing.lock();
    try {
      abandon(successor, "other content is to be tried");
      CompletableFuture<EngineRun> ready = new CompletableFuture<>();
      return Optional.ofNullable(succeed(content, false, EngineRole.TRIED, ready::complete, ready))
          .map(run -> new SuccessorTrial(this, run, content, ready));
    } finally {
      handing.unlock();
    }
  }

  /// What was tried takes over; blocks until only one is left.
  ///
  /// @return why it was not done; empty if it was
  Optional<String> promote(EngineRun run, EngineContent content) {
    handing.lock();
    try {
      if (stopping) {
        return Optional.of(ENDED);
      }
      if (successor != run || run.phase() != EngineRun.Phase.READY) {
        return Optional.of(run.phase() == EngineRun.Phase.ENDED ? run.awaitEnding().text() : GONE);
      }
      run.promote();
      retire(takeOver(run, content));
      successor = null;
      return Optional.empty();
    } finally {
      handing.unlock();
    }
  }

  /// What was tried ends; blocks until it has.
  void dismiss(EngineRun run, String reason) {
    handing.lock();
    try {
      abandon(run, reason);
      if (successor == run) {
        successor = null;
      }
    } finally {
      handing.unlock();
    }
  }

  /// @return the one that has served up to now
  private synchronized Optional<EngineRun> takeOver(EngineRun taking, EngineContent content) {
    seat.setContent(content);
    adopted = taking;
    if (!taking.hasRightsOf(seat)) {
      taking.dismiss("its rights changed");
    }
    awake.release();
    return Optional.ofNullable(current);
  }

  /// Looks after the processes.
  void tick() {
    tick(current);
    tick(successor);
  }

  private static void tick(@Nullable EngineRun run) {
    if (run != null) {
      run.tick();
    }
  }

  /// Asks the engine to end and does not start it again; does not wait.
  void stop(String reason) {
    EngineRun taken;
    synchronized (this) {
      stopping = true;
      taken = adopted;
    }
    stop(current, reason);
    stop(successor, reason);
    stop(taken, reason);
    stopped.countDown();
    awake.release();
  }

  private static void stop(@Nullable EngineRun run, String reason) {
    if (run != null) {
      run.stop(reason);
    }
  }

  /// Has the engine judge no more, for want of content. Waits for a hand-over to end.
  void withdraw() {
    handing.lock();
    try {
      seat.setContent(null);
      restart("its content was taken back");
    } finally {
      handing.unlock();
    }
  }

  /// Asks the engine to end and starts it again at once, which is no fault of its own; does not
  /// wait. One that is being tried ends too.
  void restart(String reason) {
    EngineRun run = current;
    if (run != null) {
      run.dismiss(reason);
    }
    EngineRun beside = successor;
    if (beside != null && beside.isTried()) {
      beside.stop(reason);
    }
  }

  private void pauseMillis(long millis) {
    try {
      stopped.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      stopping = true;
    }
  }

  private void pauseFor(Duration length) {
    try {
      awake.tryAcquire(length.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      stopping = true;
    }
  }
}
