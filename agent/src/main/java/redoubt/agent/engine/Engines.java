package redoubt.agent.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import redoubt.agent.decision.DecisionLimits;
import redoubt.agent.decision.EngineLink;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Operation;
import redoubt.agent.process.SelfProcesses;
import redoubt.core.model.EngineMode;
import redoubt.core.model.Finding;
import redoubt.core.wire.ControlReply;

/// The engines of this host: registers them, runs them, sets their modes. Thread-safe.
public final class Engines implements AutoCloseable {
  private static final long TICK_NANOS = 500_000_000L;

  private final Spawner spawner;
  private final EngineSettings settings;
  private final SelfProcesses self;
  private final BiConsumer<Integer, EngineLink> seats;
  private final Consumer<Operation> release;
  private final Consumer<Finding> findings;
  private final Counters counters;
  private final Notices notices;
  private final TimeSource time;
  private final List<EngineProcess> processes = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  /// @param seats puts an engine into its slot before decisions
  /// @param release gives back the hold on an operation that an engine was asked about
  public Engines(
      Spawner spawner,
      EngineSettings settings,
      SelfProcesses self,
      BiConsumer<Integer, EngineLink> seats,
      Consumer<Operation> release,
      Consumer<Finding> findings,
      Counters counters,
      Notices notices,
      TimeSource time) {
    this.spawner = spawner;
    this.settings = settings;
    this.self = self;
    this.seats = seats;
    this.release = release;
    this.findings = findings;
    this.counters = counters;
    this.notices = notices;
    this.time = time;
  }

  /// Registers an engine and starts it.
  ///
  /// @throws IllegalArgumentException if the id is taken or the host has no slot left
  public synchronized void add(
      EngineManifest manifest, EngineMode mode, Optional<EngineContent> content) {
    int slot = processes.size();
    if (slot >= DecisionLimits.ENGINES) {
      throw new IllegalArgumentException("too many engines: most=" + DecisionLimits.ENGINES);
    }
    if (processes.stream().anyMatch(other -> other.seat().id().equals(manifest.id()))) {
      throw new IllegalArgumentException("engine id taken: id=" + manifest.id());
    }
    EngineSeat seat =
        new EngineSeat(slot, manifest, mode, settings, release, counters, notices, time);
    content.ifPresent(seat::setContent);
    EngineProcess process =
        new EngineProcess(
            seat, spawner, settings, self, release, findings, counters, notices, time);
    processes.add(process);
    seats.accept(slot, seat);
    threads.add(Thread.ofPlatform().name("engine-" + manifest.id()).daemon().start(process));
    if (slot == 0) {
      threads.add(Thread.ofPlatform().name("engine-ticks").daemon().start(this::tick));
    }
  }

  /// Sets the mode of one engine, or of all.
  ///
  /// @param id the engine's id, or empty for all
  /// @return whether there is such an engine
  public synchronized boolean setMode(String id, EngineMode mode) {
    boolean found = false;
    for (EngineProcess process : processes) {
      if (id.isEmpty() || process.seat().id().value().equals(id)) {
        process.seat().setMode(mode);
        found = true;
      }
    }
    return found || id.isEmpty();
  }

  /// Every engine's state.
  public synchronized List<ControlReply.Engine> status() {
    return processes.stream().map(EngineProcess::status).toList();
  }

  /// Every engine as decisions see it, in the order of slots.
  public synchronized List<EngineLink> links() {
    return processes.stream().map(process -> (EngineLink) process.seat()).toList();
  }

  /// Starts every engine's statistics anew, after a warm-up.
  public synchronized void forgetStatistics() {
    processes.forEach(process -> process.seat().forgetStatistics());
  }

  /// Waits until every engine judges events, or cannot for want of content.
  ///
  /// @return false if time ran out first
  public boolean awaitReady(long timeoutNanos) {
    long end = time.nanos() + timeoutNanos;
    while (!allSettled()) {
      if (end - time.nanos() <= 0) {
        return false;
      }
      LockSupport.parkNanos(this, 2_000_000L);
    }
    return true;
  }

  private synchronized boolean allSettled() {
    return processes.stream().allMatch(EngineProcess::settled);
  }

  private void tick() {
    while (!stopping) {
      LockSupport.parkNanos(this, TICK_NANOS);
      List<EngineProcess> now;
      synchronized (this) {
        now = List.copyOf(processes);
      }
      now.forEach(EngineProcess::tick);
    }
  }

  /// Asks every engine to end, then ends the spawner, which kills what is left. Does not wait.
  @Override
  public void close() {
    stopping = true;
    synchronized (this) {
      processes.forEach(process -> process.stop("agent stops"));
    }
    spawner.close();
  }
}
