package redoubt.agent.engine;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redoubt.agent.confinement.ConfinedEngine;
import redoubt.agent.confinement.EngineGroups;
import redoubt.agent.confinement.EngineOutput;
import redoubt.agent.confinement.EngineSandbox;
import redoubt.agent.confinement.EngineUsage;
import redoubt.agent.confinement.Spawner;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Operation;
import redoubt.agent.process.SelfProcesses;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.model.PlatformNotice;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.WireLimits;

/// Keeps one engine's process running: starts it, admits it, has an [EngineDialogue] with it,
/// starts it again with back-off when it ends.
///
/// One platform thread runs [#run] as long as the engine is registered. [#tick] is called about
/// once a second by another thread and ends a process that does not get ready or has gone silent.
final class EngineProcess implements Runnable {
  private static final String HOARDING = "kept the files of events that it had answered";

  /// How long a process that has closed its connection may take to end by itself.
  private static final int LAST_MILLIS = 200;

  /// How long one that started with a small share of the processors serves before it gets more.
  private static final long SETTLED_NANOS = Duration.ofSeconds(2).toNanos();

  /// How long it may take to get ready with a small share: on a busy host it might never.
  private static final long PATIENCE_NANOS = Duration.ofSeconds(4).toNanos();

  /// An engine that served for so long and ended is missed.
  private static final Duration MISSED = Duration.ofSeconds(30);

  /// What the process is doing; the names are what `status` shows.
  private enum Phase {
    STARTING("starting"),
    HANDSHAKE("starting"),
    NO_CONTENT("no content"),
    READY("ready"),
    BACKOFF("backoff"),
    SUSPENDED("suspended"),
    STOPPED("stopped");

    private final String shown;

    Phase(String shown) {
      this.shown = shown;
    }
  }

  private final EngineSeat seat;
  private final Spawner spawner;
  private final EngineSettings settings;
  private final EngineSandbox sandbox;
  private final SelfProcesses self;
  private final Consumer<Operation> release;
  private final EngineReports reports;
  private final Counters counters;
  private final Notices notices;
  private final TimeSource time;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicInteger restarts = new AtomicInteger();
  private volatile Phase phase = Phase.STARTING;
  private volatile long phaseSince;
  private volatile int pid;
  private volatile boolean stopping;
  private volatile boolean flooded;
  private volatile boolean hoarding;
  private volatile long auditedPassed;
  private volatile boolean restarting;

  /// Whether somebody waits for its next start.
  private volatile boolean urgent;

  private volatile @Nullable EngineConnection connection;
  private volatile @Nullable ConfinedEngine confined;
  private volatile @Nullable EngineDialogue dialogue;
  private volatile @Nullable EngineGroups groups;
  private volatile @Nullable EngineSockets sockets;

  /// Processor time of the runs that have ended; written by the engine's thread only.
  private volatile long endedCpuMicros;

  EngineProcess(
      EngineSeat seat,
      Spawner spawner,
      EngineSettings settings,
      SelfProcesses self,
      Consumer<Operation> release,
      EngineReports reports,
      Counters counters,
      Notices notices,
      TimeSource time,
      boolean urgent) {
    this.seat = seat;
    this.spawner = spawner;
    this.settings = settings;
    this.sandbox = new EngineSandbox(settings.javaHome(), settings.installation());
    this.self = self;
    this.release = release;
    this.reports = reports;
    this.counters = counters;
    this.notices = notices;
    this.time = time;
    this.urgent = urgent;
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
    return !restarting && (phase == Phase.READY || phase == Phase.NO_CONTENT);
  }

  ControlReply.Engine status() {
    EngineGroups current = groups;
    EngineUsage now = current == null ? EngineUsage.NONE : current.usage();
    return seat.status(phase.shown, pid, restarts.get(), now.after(endedCpuMicros));
  }

  @Override
  public void run() {
    EngineBudget budget = new EngineBudget(time);
    while (!stopping) {
      long began = time.nanos();
      restarting = false;
      EngineEnding ending = serveOnce();
      if (stopping) {
        break;
      }
      Duration ran = Duration.ofNanos(time.nanos() - began);
      urgent = restarting || ran.compareTo(MISSED) > 0;
      if (restarting) {
        continue;
      }
      counters.add(Counter.ENGINE_EXITS);
      notices.report(PlatformNotice.Kind.ENGINE_GONE, seat.id().value(), ending.text());
      EngineBudget.Consequence next = budget.charge(ending.fault(), ran);
      enter(next.suspended() ? Phase.SUSPENDED : Phase.BACKOFF);
      if (next.suspended()) {
        suspended(ending, next.pause());
      }
      pauseMillis(next.pause().toMillis());
      restarts.incrementAndGet();
    }
    enter(Phase.STOPPED);
  }

  private void suspended(EngineEnding ending, Duration wait) {
    counters.add(Counter.ENGINE_SUSPENSIONS);
    notices.report(
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

  /// Starts the process and serves it until it ends.
  ///
  /// @return how it ended
  private EngineEnding serveOnce() {
    enter(Phase.STARTING);
    EngineGroups own = EngineGroups.open(settings.group(), seat.manifest(), urgent, self);
    groups = own;
    flooded = false;
    hoarding = false;
    auditedPassed = 0;
    try (EngineOutput output =
            EngineOutput.open(settings.output(seat.id()), seat.id().value(), this::flooded, time);
        EngineRelays relays =
            EngineRelays.start(spawner, settings, sandbox, seat, output.pipe(), own);
        EngineSockets reached = EngineSockets.open(seat.rights().sockets(), self, time);
        ConfinedEngine started =
            ConfinedEngine.start(spawner, own, self, start(output, relays, reached))) {
      sockets = reached;
      confined = started;
      pid = started.pid();
      EngineEnding ending = converse(started);
      if (flooded) {
        ending = EngineEnding.outputFlood();
      } else if (hoarding) {
        ending = EngineEnding.violation("broke the protocol: " + HOARDING);
      }
      ConfinedEngine.Ended ended = started.end(LAST_MILLIS);
      return ending.explained(
          ended.status(), ended.itself(), own.memoryKills(), seat.manifest().limits().memoryMiB());
    } catch (LinuxException | UncheckedIOException e) {
      return EngineEnding.start("could not be started: " + e.getMessage());
    } catch (RuntimeException e) {
      // Whatever an engine makes this thread stumble over ends the engine, not the agent.
      return EngineEnding.violation("could not be served: " + e);
    } finally {
      confined = null;
      pid = 0;
      sockets = null;
      groups = null;
      own.kill();
      endedCpuMicros = own.usage().after(endedCpuMicros).cpuMicros();
      own.close();
    }
  }

  private ConfinedEngine.Start start(
      EngineOutput output, EngineRelays relays, EngineSockets reached) {
    return new ConfinedEngine.Start(
        seat.id(),
        seat.uid(),
        seat.socketPath(),
        settings.filter(),
        output.pipe(),
        sandbox.command(
            seat.manifest(), seat.uid(), seat.socketPath(), relays.sockets(), reached.shown()));
  }

  private EngineEnding converse(ConfinedEngine started) {
    SeqPacketSocket socket = stopping ? null : started.accept();
    if (socket == null) {
      return EngineEnding.start("did not connect: pid=" + started.pid());
    }
    pid = socket.peer().pid();
    enter(Phase.HANDSHAKE);
    EngineConnection opened =
        new EngineConnection(
            socket,
            new EventDescription(
                seat.rights().fileContent(), seat::wantsProvenance, settings.softDeadline(), time),
            release,
            counters,
            time);
    EngineDialogue conversation =
        new EngineDialogue(
            seat,
            opened,
            settings,
            () -> enter(Phase.NO_CONTENT),
            () -> enter(Phase.READY),
            reports,
            counters,
            notices,
            time);
    connection = opened;
    dialogue = conversation;
    try (ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, 1)) {
      return conversation.receive(buffer);
    } finally {
      dialogue = null;
      connection = null;
      seat.gone(opened);
    }
  }

  /// Runs on the thread that reads what the engine prints.
  private void flooded() {
    flooded = true;
    kill();
  }

  /// Ends a process that does not get ready, has ended before it connected, or has been silent for
  /// long; pings one that is demoted, so that it can recover without events.
  void tick() {
    long inPhase = time.nanos() - phaseSince;
    giveShare(inPhase);
    switch (phase) {
      case STARTING -> {
        ConfinedEngine started = confined;
        if (started != null && (started.hasEnded() || inPhase > settings.helloLimit().toNanos())) {
          started.refuse();
        }
      }
      case HANDSHAKE -> {
        if (inPhase > settings.readyLimit().toNanos()) {
          kill();
        }
      }
      case READY -> tickReady();
      case NO_CONTENT, BACKOFF, SUSPENDED, STOPPED -> {}
    }
  }

  private void giveShare(long inPhaseNanos) {
    EngineGroups own = groups;
    if (own != null
        && !own.serves()
        && inPhaseNanos > (phase == Phase.READY ? SETTLED_NANOS : PATIENCE_NANOS)) {
      own.serve();
    }
  }

  private void tickReady() {
    auditDescriptors();
    EngineSockets reached = sockets;
    if (reached != null) {
      reached.tick().ifPresent(path -> restart("a socket that it may reach is new: path=" + path));
    }
    EngineDialogue current = dialogue;
    if (current == null || !seat.demoted()) {
      return;
    }
    if (seat.silentFor(EngineSettings.SILENCE_LIMIT.toNanos())) {
      kill();
    } else {
      current.ping();
    }
  }

  /// The engine's processes; where it has no group of its own, the one that talks.
  private List<Integer> pidsIn(EngineGroups group) {
    List<Integer> pids = group.pids();
    return pids.isEmpty() ? List.of(pid) : pids;
  }

  /// Looks only if files went to the engine since the last time, or it kept some then.
  private void auditDescriptors() {
    EngineConnection current = connection;
    EngineGroups group = groups;
    if (current == null || group == null) {
      return;
    }
    long passed = current.passed();
    if (passed == auditedPassed && !current.keepsFiles()) {
      return;
    }
    auditedPassed = passed;
    List<Integer> pids = pidsIn(group);
    if (!current.audit(() -> KeptDescriptors.count(pids))) {
      hoarding = true;
      counters.add(Counter.ENGINE_VIOLATIONS);
      notices.report(PlatformNotice.Kind.ENGINE_VIOLATION, seat.id().value(), HOARDING);
      kill();
    }
  }

  private void endStart() {
    ConfinedEngine started = confined;
    if (started != null) {
      started.refuse();
    }
  }

  /// The end of the process is not always the end of its connection: its own end may be on its way
  /// to us over it.
  private void kill() {
    ConfinedEngine started = confined;
    if (started != null) {
      started.kill();
    }
    EngineConnection current = connection;
    if (current != null) {
      current.socket().shutdown();
    }
  }

  /// Asks the engine to end and does not start it again; does not wait.
  void stop(String reason) {
    stopping = true;
    EngineConnection current = connection;
    if (current != null) {
      current.send(new AgentMessage.Shutdown(reason, 500));
      current.socket().shutdown();
    }
    endStart();
    stopped.countDown();
  }

  /// Asks the engine to end and starts it again at once, which is no fault of its own; does not
  /// wait.
  void restart(String reason) {
    EngineConnection current = connection;
    if (current != null) {
      restarting = true;
      current.send(new AgentMessage.Shutdown(reason, 500));
      current.socket().shutdown();
    }
  }

  private void enter(Phase next) {
    phaseSince = time.nanos();
    phase = next;
  }

  private void pauseMillis(long millis) {
    try {
      stopped.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      stopping = true;
    }
  }
}
