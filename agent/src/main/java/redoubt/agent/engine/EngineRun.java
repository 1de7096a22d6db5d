package redoubt.agent.engine;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redoubt.agent.confinement.ConfinedEngine;
import redoubt.agent.confinement.EngineGroups;
import redoubt.agent.confinement.EngineOutput;
import redoubt.agent.confinement.EngineSandbox;
import redoubt.agent.confinement.EngineUsage;
import redoubt.agent.confinement.Relays;
import redoubt.agent.health.Counter;
import redoubt.agent.health.TimeSource;
import redoubt.agent.registry.EngineManifest;
import redoubt.agent.registry.EngineRights;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.model.PlatformNotice;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.WireLimits;

/// One process of an engine, from its start to its end.
///
/// One platform thread runs [#run]. [#tick] is called about once a second by another thread and
/// ends a process that does not get ready or has gone silent.
final class EngineRun implements Runnable {
  private static final String HOARDING = "kept the files of events that it had answered";

  /// How long a process that has closed its connection may take to end by itself.
  private static final int LAST_MILLIS = 200;

  /// How long one that started with a small share of the processors serves before it gets more.
  private static final long SETTLED_NANOS = Duration.ofSeconds(2).toNanos();

  /// How long it may take to get ready with a small share: on a busy host it might never.
  private static final long PATIENCE_NANOS = Duration.ofSeconds(4).toNanos();

  private static final int SHUTDOWN_MILLIS = 500;

  /// What the process is doing; the names are what `status` shows.
  enum Phase {
    STARTING("starting"),
    HANDSHAKE("starting"),
    NO_CONTENT("no content"),
    READY("ready"),
    ENDED("starting");

    private final String shown;

    Phase(String shown) {
      this.shown = shown;
    }

    /// What `status` shows.
    String shown() {
      return shown;
    }
  }

  private final EngineSeat seat;
  private final EngineManifest manifest;
  private final EnginePlace place;
  private final @Nullable EngineContent content;
  private final EngineHost host;
  private final EngineSettings settings;
  private final TimeSource time;
  private final EngineSandbox sandbox;
  private final Consumer<EngineRun> onReady;
  private final EngineRights rights;

  /// Whether it serves only once it is told to.
  private final EngineRole role;

  /// Whether somebody waits for its start.
  private final EngineGroups.Haste haste;

  private final CompletableFuture<EngineEnding> ending = new CompletableFuture<>();
  private volatile Phase phase = Phase.STARTING;
  private volatile long phaseSince;
  private volatile int pid;
  private volatile boolean stopping;
  private volatile boolean dismissed;
  private volatile boolean flooded;
  private volatile boolean hoarding;
  private volatile long auditedPassed;
  private volatile @Nullable EngineConnection connection;
  private volatile @Nullable ConfinedEngine confined;
  private volatile @Nullable EngineDialogue dialogue;
  private volatile @Nullable EngineGroups groups;
  private volatile @Nullable EngineSockets sockets;

  /// What it used in all; known once it has ended.
  private volatile EngineUsage used = EngineUsage.NONE;

  /// @param content what it is to judge with, if the host has any
  /// @param haste how soon it has to be ready
  /// @param role one that is tried serves only once [#promote] says so
  /// @param onReady is told when it judges, or could; runs on the thread of [#run]
  EngineRun(
      EngineSeat seat,
      EnginePlace place,
      @Nullable EngineContent content,
      EngineHost host,
      EngineGroups.Haste haste,
      EngineRole role,
      Consumer<EngineRun> onReady) {
    this.seat = seat;
    this.place = place;
    this.content = content;
    this.host = host;
    this.haste = haste;
    this.role = role;
    this.onReady = onReady;
    manifest = content == null ? seat.manifest() : content.program().orElseGet(seat::manifest);
    rights = seat.rights();
    settings = host.settings();
    time = host.time();
    sandbox = new EngineSandbox(settings.javaHome(), settings.installation());
    phaseSince = time.nanos();
  }

  EnginePlace place() {
    return place;
  }

  @Nullable EngineContent content() {
    return content;
  }

  /// Whether the engine may do what this process was started with, and nothing else.
  boolean hasRightsOf(EngineSeat now) {
    return rights.equals(now.rights());
  }

  Phase phase() {
    return phase;
  }

  /// The process that talks; 0 if there is none.
  int pid() {
    return pid;
  }

  /// What its processes used up to now.
  EngineUsage usage() {
    EngineGroups current = groups;
    return current == null ? used : current.usage();
  }

  /// Whether the agent has asked it to end.
  boolean isDismissed() {
    return dismissed;
  }

  /// Whether it serves only once it is told to.
  boolean isTried() {
    return role == EngineRole.TRIED;
  }

  /// Whether it was told to end, wherever it stood.
  boolean isStopped() {
    return stopping;
  }

  /// Starts the process and serves it until it ends.
  @Override
  public void run() {
    EngineEnding how = EngineEnding.start("was not started");
    try {
      how = serve();
    } finally {
      enter(Phase.ENDED);
      ending.complete(how);
    }
  }

  /// Waits until it has ended.
  ///
  /// @return how
  EngineEnding awaitEnding() {
    return ending.join();
  }

  private EngineEnding serve() {
    EngineGroups own = EngineGroups.open(place.group(), manifest, haste, host.self());
    groups = own;
    try (EngineOutput output =
            EngineOutput.open(place.output(), seat.id().value(), this::flooded, time);
        Relays relays = Relays.start(host.spawner(), sandbox, own, network());
        EngineSockets reached = EngineSockets.open(seat.rights().sockets(), host.self(), time);
        ConfinedEngine started =
            ConfinedEngine.start(
                host.spawner(), own, host.self(), start(output, relays, reached))) {
      sockets = reached;
      confined = started;
      pid = started.pid();
      EngineEnding how = converse(started);
      if (flooded) {
        how = EngineEnding.outputFlood();
      } else if (hoarding) {
        how = EngineEnding.violation("broke the protocol: " + HOARDING);
      }
      ConfinedEngine.Ended ended = started.end(LAST_MILLIS);
      return how.explained(
          ended.status(), ended.itself(), own.memoryKills(), manifest.limits().memoryMiB());
    } catch (LinuxException | UncheckedIOException e) {
      return EngineEnding.start("could not be started: " + e.getMessage());
    } catch (RuntimeException e) {
      // Whatever an engine makes this thread stumble over ends the engine, not the agent.
      return EngineEnding.violation("could not be served: " + e);
    } finally {
      confined = null;
      pid = 0;
      sockets = null;
      own.kill();
      used = own.usage();
      groups = null;
      own.close();
    }
  }

  private Relays.Plan network() {
    return new Relays.Plan(
        seat.id(),
        seat.rights().network(),
        place.relayUid(),
        place.network(),
        settings.filter(),
        place.output());
  }

  private ConfinedEngine.Start start(EngineOutput output, Relays relays, EngineSockets reached) {
    return new ConfinedEngine.Start(
        seat.id(),
        place.uid(),
        place.socket(),
        settings.filter(),
        output.pipe(),
        sandbox.command(manifest, place.uid(), place.socket(), relays.sockets(), reached.shown()));
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
            host.release(),
            host.counters(),
            time);
    EngineDialogue conversation =
        new EngineDialogue(
            seat, opened, content, host, role, () -> enter(Phase.NO_CONTENT), this::becameReady);
    connection = opened;
    dialogue = conversation;
    if (stopping) {
      // Whoever stops it may have seen no connection yet.
      socket.shutdown();
    }
    try (ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, 1)) {
      return conversation.receive(buffer);
    } finally {
      dialogue = null;
      connection = null;
      seat.gone(opened);
    }
  }

  private void becameReady() {
    enter(Phase.READY);
    onReady.accept(this);
  }

  /// What was tried judges from now on, unless it has ended.
  void promote() {
    EngineDialogue current = dialogue;
    if (current != null) {
      current.serve();
    }
  }

  /// What it does while it is tried; null if it is not ready or has ended.
  @Nullable Shadow shadow() {
    EngineDialogue current = dialogue;
    return current == null ? null : current.shadow();
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
      case NO_CONTENT, ENDED -> {}
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
      reached.tick().ifPresent(path -> dismiss("a socket that it may reach is new: path=" + path));
    }
    EngineDialogue current = dialogue;
    if (current == null || !seat.isServedBy(connection) || !seat.demoted()) {
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
      host.counters().add(Counter.ENGINE_VIOLATIONS);
      host.notices().report(PlatformNotice.Kind.ENGINE_VIOLATION, seat.id().value(), HOARDING);
      kill();
    }
  }

  /// Ends it at once. The end of the process is not always the end of its connection: its own end
  /// may be on its way to us over it.
  void kill() {
    ConfinedEngine started = confined;
    if (started != null) {
      started.kill();
    }
    EngineConnection current = connection;
    if (current != null) {
      current.socket().shutdown();
    }
  }

  /// Asks it to end, wherever it stands; does not wait.
  void stop(String reason) {
    stopping = true;
    dismiss(reason);
    ConfinedEngine started = confined;
    if (started != null) {
      started.refuse();
    }
  }

  /// Asks it to end if it is connected, which is no fault of its own; does not wait.
  void dismiss(String reason) {
    EngineConnection current = connection;
    if (current != null) {
      dismissed = true;
      current.send(new AgentMessage.Shutdown(reason, SHUTDOWN_MILLIS));
      current.socket().shutdown();
    }
  }

  private void enter(Phase next) {
    phaseSince = time.nanos();
    phase = next;
  }
}
