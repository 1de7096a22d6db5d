package redoubt.agent.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import redoubt.agent.confinement.Spawner;
import redoubt.agent.decision.DecisionLimits;
import redoubt.agent.decision.EngineLink;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Operation;
import redoubt.agent.process.SelfProcesses;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.wire.ControlReply;

/// The engines of this host: runs those that are registered, sets their modes. Thread-safe.
public final class Engines implements AutoCloseable {
  /// How long an engine that is no longer registered may take to end.
  private static final Duration END_LIMIT = Duration.ofSeconds(3);

  private static final long TICK_NANOS = 1_000_000_000L;

  /// Where engines get their content.
  public interface Contents {
    /// The content that an engine judges with, verified, if the host has any for it.
    ///
    /// @throws IOException if the owner named some that cannot be taken
    Optional<EngineContent> contentFor(EngineManifest manifest) throws IOException;
  }

  private final EngineHost host;
  private final BiConsumer<Integer, @Nullable EngineLink> seats;
  private final TimeSource time;
  private final SortedMap<Integer, EngineProcess> bySlot = new TreeMap<>();
  private final Map<Integer, Thread> threads = new HashMap<>();

  /// All seats, for those who must not wait for this lock.
  private volatile List<EngineSeat> listeners = List.of();

  private int nextSlot;
  private boolean ticking;

  /// Whether the engines of the agent's start are started: nobody waits for later ones.
  private boolean begun;

  private volatile boolean stopping;
  private volatile EngineFaults faults = EngineFaults.IGNORED;

  /// @param seats puts an engine into its slot before decisions
  /// @param release gives back the hold on an operation that an engine was asked about
  public Engines(
      Spawner spawner,
      EngineSettings settings,
      SelfProcesses self,
      BiConsumer<Integer, @Nullable EngineLink> seats,
      Consumer<Operation> release,
      EngineReports reports,
      Counters counters,
      Notices notices,
      TimeSource time) {
    host = new EngineHost(spawner, settings, self, release, reports, counters, notices, time);
    this.seats = seats;
    this.time = time;
  }

  /// Makes the running engines those that are registered now: starts new ones, ends those that are
  /// gone or are something else under the same id, and starts again those whose rights changed.
  /// What an engine may no longer do, it does not from now on; what it may do now, once it is
  /// ready. Waits for the end of each that it ends.
  ///
  /// @param modes gives a new one its mode
  /// @param contents gives a new one its content
  /// @return what changed, for people; empty if nothing did
  /// @throws IllegalArgumentException if the host has no slot left
  /// @throws IOException if content cannot be read; those before it have changed
  public synchronized List<String> apply(
      List<Registration> registered, Function<EngineId, EngineMode> modes, Contents contents)
      throws IOException {
    List<String> changes = new ArrayList<>();
    for (EngineProcess process : List.copyOf(bySlot.values())) {
      if (registered.stream().noneMatch(process::isOf)) {
        remove(process);
        changes.add(process.seat().id() + " ended");
      }
    }
    for (Registration registration : registered) {
      Optional<EngineProcess> running =
          bySlot.values().stream().filter(process -> process.isOf(registration)).findFirst();
      if (running.isEmpty()) {
        EngineMode mode = modes.apply(registration.manifest().id());
        add(registration, mode, contents.contentFor(registration.manifest()));
        changes.add(registration.manifest().id() + " started");
      } else if (running.get().seat().changeRights(registration.rights())) {
        running.get().restart("its rights changed");
        changes.add(registration.manifest().id() + " started again with other rights");
      }
    }
    begun = true;
    return changes;
  }

  private void add(Registration registration, EngineMode mode, Optional<EngineContent> content) {
    int slot = freeSlot();
    EngineSeat seat =
        new EngineSeat(
            slot,
            registration.manifest(),
            registration.rights(),
            mode,
            host.settings(),
            host.release(),
            host.counters(),
            host.notices(),
            time);
    content.ifPresent(seat::setContent);
    EngineProcess process = new EngineProcess(seat, host, faults, !begun);
    bySlot.put(slot, process);
    listen();
    seats.accept(slot, seat);
    Thread thread = Thread.ofPlatform().name("engine-" + seat.id()).daemon().start(process);
    threads.put(slot, thread);
    if (!ticking) {
      ticking = true;
      Thread.ofPlatform().name("engine-ticks").daemon().start(this::tick);
    }
  }

  /// One that nobody has had, if there is one: what is remembered of earlier verdicts is kept by
  /// slot.
  private int freeSlot() {
    int slot = nextSlot;
    if (slot < DecisionLimits.ENGINES) {
      nextSlot++;
      return slot;
    }
    for (slot = 0; slot < DecisionLimits.ENGINES; slot++) {
      if (!bySlot.containsKey(slot)) {
        return slot;
      }
    }
    throw new IllegalArgumentException("too many engines: most=" + DecisionLimits.ENGINES);
  }

  private void remove(EngineProcess process) {
    int slot = process.seat().slot();
    seats.accept(slot, null);
    process.stop("no longer registered");
    Thread thread = threads.remove(slot);
    try {
      if (thread != null) {
        thread.join(END_LIMIT);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    bySlot.remove(slot);
    listen();
  }

  private void listen() {
    listeners = bySlot.values().stream().map(EngineProcess::seat).toList();
  }

  /// Says who is to hear of the faults of engines that are started from now on.
  public void watchedBy(EngineFaults watcher) {
    faults = watcher;
  }

  /// Has an engine judge with other content, without a moment in which none of its processes does.
  /// Blocks until the process that had the other content has ended, or the new one has.
  ///
  /// @param urgent whether somebody waits for it, so that it begins with its full share of the
  ///   processors
  /// @return why it goes on as before; empty if it does not
  public Optional<String> handOver(EngineId id, EngineContent content, boolean urgent) {
    Optional<EngineProcess> process = find(id);
    return process.isEmpty()
        ? Optional.of("no such engine runs: engine=" + id)
        : process.get().handOver(content, urgent);
  }

  /// What an engine judges with.
  ///
  /// @return nothing if it has none, or does not run
  public Optional<EngineContent> content(EngineId id) {
    return find(id).flatMap(process -> Optional.ofNullable(process.seat().content()));
  }

  /// Has a second process of an engine try other content beside the one that judges.
  ///
  /// @return nothing if no such engine runs
  public Optional<EngineTrial> beginTrial(EngineId id, EngineContent content) {
    return find(id).flatMap(process -> process.beginTrial(content));
  }

  /// Has an engine judge no more, for want of content. Waits for a hand-over to end.
  public void withdraw(EngineId id) {
    find(id).ifPresent(EngineProcess::withdraw);
  }

  /// The manifest of an engine that is registered.
  public Optional<EngineManifest> manifest(EngineId id) {
    return find(id).map(process -> process.seat().manifest());
  }

  private synchronized Optional<EngineProcess> find(EngineId id) {
    return bySlot.values().stream().filter(each -> each.seat().id().equals(id)).findFirst();
  }

  /// Sets the mode of one engine, or of all.
  ///
  /// @param id the engine's id, or empty for all
  /// @param asAll whether an engine is meant where all are
  /// @return whether there is such an engine
  public synchronized boolean setMode(String id, EngineMode mode, Predicate<EngineId> asAll) {
    boolean found = false;
    for (EngineProcess process : bySlot.values()) {
      EngineId engine = process.seat().id();
      if (id.isEmpty() ? asAll.test(engine) : engine.value().equals(id)) {
        process.seat().setMode(mode);
        found = true;
      }
    }
    return found || id.isEmpty();
  }

  /// Takes away what an engine's DENY is worth whatever its mode, or gives it back.
  public synchronized void setTripped(EngineId id, boolean tripped) {
    for (EngineProcess process : bySlot.values()) {
      if (process.seat().id().equals(id)) {
        process.seat().setTripped(tripped);
      }
    }
  }

  /// Every engine's state.
  public synchronized List<ControlReply.Engine> status() {
    return bySlot.values().stream().map(EngineProcess::status).toList();
  }

  /// Every engine as decisions see it, in the order of slots.
  public synchronized List<EngineLink> links() {
    return bySlot.values().stream().map(process -> (EngineLink) process.seat()).toList();
  }

  /// Which classes of events of the host at least one engine needs. Never blocks.
  public Set<EventClass> needed() {
    Set<EventClass> needed = EnumSet.noneOf(EventClass.class);
    listeners.forEach(seat -> needed.addAll(seat.needed()));
    needed.removeAll(EventClass.answerable());
    return needed;
  }

  /// Tells every engine that needs it what has happened on the host. Never blocks.
  public void tell(HostEvent event) {
    FoldedEvent folded = new FoldedEvent(event);
    for (EngineSeat seat : listeners) {
      seat.tell(folded);
    }
  }

  /// Passes on what was kept back. Never blocks.
  public void flush() {
    for (EngineSeat seat : listeners) {
      seat.flush();
    }
  }

  /// Starts every engine's statistics anew, after a warm-up.
  public synchronized void forgetStatistics() {
    bySlot.values().forEach(process -> process.seat().figures().forget());
  }

  /// Waits until every engine that may judge does so, or cannot for want of content. Those that
  /// only observe are not waited for.
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

  /// Waits until an engine judges, as long as one may take from its start to that.
  ///
  /// @return false if it does not
  public boolean awaitReady(EngineId id) {
    Optional<EngineProcess> process = find(id);
    long end =
        time.nanos() + host.settings().helloLimit().plus(host.settings().readyLimit()).toNanos();
    while (process.isPresent() && !process.get().judges()) {
      if (stopping || end - time.nanos() <= 0) {
        return false;
      }
      LockSupport.parkNanos(this, 2_000_000L);
    }
    return process.isPresent();
  }

  private synchronized boolean allSettled() {
    return bySlot.values().stream()
        .allMatch(process -> process.seat().rights().judge().isEmpty() || process.settled());
  }

  private void tick() {
    while (!stopping) {
      LockSupport.parkNanos(this, TICK_NANOS);
      List<EngineProcess> now;
      synchronized (this) {
        now = List.copyOf(bySlot.values());
      }
      now.forEach(EngineProcess::tick);
    }
  }

  /// Asks every engine to end, then ends the spawner, which kills what is left. Does not wait.
  @Override
  public void close() {
    stopping = true;
    synchronized (this) {
      bySlot.values().forEach(process -> process.stop("agent stops"));
    }
    host.spawner().close();
  }
}
