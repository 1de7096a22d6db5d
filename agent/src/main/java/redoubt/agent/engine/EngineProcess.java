package redoubt.agent.engine;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Operation;
import redoubt.agent.process.SelfProcesses;
import redoubt.core.linux.Errno;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.PeerCredentials;
import redoubt.core.linux.Pidfd;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketListener;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.linux.Signals;
import redoubt.core.model.EventClass;
import redoubt.core.model.Finding;
import redoubt.core.model.PlatformNotice;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.ProtocolVersion;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// Keeps one engine's process running: starts it, admits it, serves its messages, starts it again
/// with back-off when it ends.
///
/// One platform thread runs [#run] as long as the engine is registered. [#tick] is called about
/// once a second by another thread and ends a process that does not get ready or has gone silent.
final class EngineProcess implements Runnable {
  private static final long FIRST_BACKOFF_MILLIS = 100;
  private static final long LONGEST_BACKOFF_MILLIS = 30_000;
  private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(60);

  /// Answers to unknown events that are forgiven on one connection: the agent may have given up on
  /// an event just before.
  private static final int VIOLATIONS = 100;

  /// What the process is doing; the names are what `status` shows.
  private enum Phase {
    STARTING("starting"),
    HANDSHAKE("starting"),
    READY("ready"),
    BACKOFF("backoff"),
    STOPPED("stopped");

    private final String shown;

    Phase(String shown) {
      this.shown = shown;
    }
  }

  private final EngineSeat seat;
  private final Spawner spawner;
  private final EngineSettings settings;
  private final SelfProcesses self;
  private final Consumer<Operation> release;
  private final Consumer<Finding> findings;
  private final Counters counters;
  private final Notices notices;
  private final TimeSource time;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicInteger restarts = new AtomicInteger();
  private volatile Phase phase = Phase.STARTING;
  private volatile long phaseSince;
  private volatile int pid;
  private volatile boolean stopping;
  private volatile @Nullable SeqPacketListener listener;
  private volatile @Nullable EngineConnection connection;
  private volatile @Nullable Pidfd process;
  private volatile long pingedNanos;
  private long receivedSequence;
  private int violations;

  EngineProcess(
      EngineSeat seat,
      Spawner spawner,
      EngineSettings settings,
      SelfProcesses self,
      Consumer<Operation> release,
      Consumer<Finding> findings,
      Counters counters,
      Notices notices,
      TimeSource time) {
    this.seat = seat;
    this.spawner = spawner;
    this.settings = settings;
    this.self = self;
    this.release = release;
    this.findings = findings;
    this.counters = counters;
    this.notices = notices;
    this.time = time;
  }

  EngineSeat seat() {
    return seat;
  }

  /// Whether the engine judges events now.
  boolean ready() {
    return phase == Phase.READY;
  }

  ControlReply.Engine status() {
    return seat.status(phase.shown, pid, restarts.get());
  }

  @Override
  public void run() {
    long backoffMillis = FIRST_BACKOFF_MILLIS;
    while (!stopping) {
      long began = time.nanos();
      String ending = serveOnce();
      if (stopping) {
        break;
      }
      counters.add(Counter.ENGINE_EXITS);
      notices.report(PlatformNotice.Kind.ENGINE_GONE, seat.id().value(), ending);
      backoffMillis =
          time.nanos() - began > STEADY_NANOS
              ? FIRST_BACKOFF_MILLIS
              : Math.min(LONGEST_BACKOFF_MILLIS, backoffMillis);
      enter(Phase.BACKOFF);
      pauseMillis(backoffMillis);
      backoffMillis *= 2;
      restarts.incrementAndGet();
    }
    enter(Phase.STOPPED);
  }

  /// Starts the process and serves it until it ends.
  ///
  /// @return why it ended, for people
  private String serveOnce() {
    enter(Phase.STARTING);
    EngineCgroup cgroup = EngineCgroup.create(seat.manifest());
    try (SeqPacketListener listening = SeqPacketListener.bind(seat.socketPath(), 0666)) {
      listener = listening;
      int started =
          spawner.start(seat.manifest(), seat.uid(), cgroup.procsFiles(), seat.environment());
      pid = started;
      try (Pidfd held = Pidfd.open(started).orElse(null)) {
        process = held;
        self.add(started, held == null ? 0 : held.uniqueId());
        return converse(listening, started);
      } finally {
        process = null;
        pid = 0;
        spawner.kill(started);
        self.remove(started);
      }
    } catch (LinuxException | java.io.UncheckedIOException e) {
      return "could not be started: " + e.getMessage();
    } catch (RuntimeException e) {
      // Whatever an engine makes this thread stumble over ends the engine, not the agent.
      return "could not be served: " + e;
    } finally {
      listener = null;
      cgroup.remove();
    }
  }

  private String converse(SeqPacketListener listening, int started) {
    SeqPacketSocket socket = admit(listening, started);
    if (socket == null) {
      return "did not connect: pid=" + started;
    }
    EngineConnection opened =
        new EngineConnection(
            socket, new EventDescription(settings.softDeadline(), time), release, counters, time);
    connection = opened;
    receivedSequence = 0;
    violations = 0;
    try (ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, 1)) {
      return receive(opened, buffer);
    } finally {
      connection = null;
      seat.gone(opened);
    }
  }

  /// Accepts the engine's own connection; anybody else's is closed.
  private @Nullable SeqPacketSocket admit(SeqPacketListener listening, int started) {
    while (!stopping) {
      SeqPacketSocket socket;
      try {
        socket = listening.accept();
      } catch (LinuxException _) {
        return null;
      }
      PeerCredentials peer = socket.peer();
      if (peer.pid() == started && peer.uid() == seat.uid()) {
        enter(Phase.HANDSHAKE);
        return socket;
      }
      socket.close();
    }
    return null;
  }

  private String receive(EngineConnection from, ReceiveBuffer buffer) {
    while (true) {
      int length = from.socket().receive(buffer);
      if (length == 0) {
        return "closed its connection";
      }
      if (length == -Errno.ECONNRESET || length == -Errno.EPIPE) {
        return "ended";
      }
      if (length < 0) {
        return violation(from, "unreadable message: errno=" + Errno.name(-length));
      }
      if (buffer.descriptorCount() > 0) {
        buffer.closeDescriptors();
        return violation(from, "sent a descriptor");
      }
      String ending = take(from, buffer.data());
      if (ending != null) {
        return ending;
      }
    }
  }

  private @Nullable String take(EngineConnection from, ByteBuffer datagram) {
    EngineCodec.Framed<EngineMessage> framed;
    try {
      framed = EngineCodec.decodeFromEngine(datagram);
    } catch (WireException e) {
      return violation(from, e.getMessage() == null ? "malformed" : e.getMessage());
    }
    if (framed.sequence() != ++receivedSequence) {
      return violation(
          from, "sequence gap: expected=" + receivedSequence + " received=" + framed.sequence());
    }
    return dispatch(from, framed.message());
  }

  private @Nullable String dispatch(EngineConnection from, EngineMessage message) {
    if (phase == Phase.HANDSHAKE && receivedSequence == 1) {
      return message instanceof EngineMessage.Hello hello
          ? welcome(from, hello)
          : violation(from, "the first message must be a hello");
    }
    return switch (message) {
      case EngineMessage.Hello _ -> violation(from, "a second hello");
      case EngineMessage.ContentLoaded loaded -> contentLoaded(loaded);
      case EngineMessage.ContentRefused refused -> contentRefused(refused);
      case EngineMessage.Ready ready -> becomeReady(from, ready);
      case EngineMessage.Credits more ->
          from.addCredits(more.credits()) ? null : violation(from, "too many credits");
      case EngineMessage.Verdicts verdicts -> verdicts(from, verdicts.verdicts());
      case EngineMessage.Abstained abstained -> abstained(from, abstained.eventIds());
      case EngineMessage.Report report -> report(report);
      case EngineMessage.Pong _ -> pong();
    };
  }

  private @Nullable String welcome(EngineConnection to, EngineMessage.Hello hello) {
    OptionalInt version = ProtocolVersion.negotiate(hello.oldestVersion(), hello.newestVersion());
    if (version.isEmpty()) {
      to.send(
          new AgentMessage.Refused(
              "version",
              "no common protocol version: agent speaks "
                  + WireLimits.OLDEST_PROTOCOL_VERSION
                  + " to "
                  + WireLimits.PROTOCOL_VERSION));
      return "speaks no version of the protocol that this agent does";
    }
    Set<EventClass> auth = granted(hello.authClasses(), seat.manifest().authClasses());
    Set<EventClass> notify = granted(hello.notifyClasses(), seat.manifest().notifyClasses());
    seat.welcome(hello, auth, notify);
    to.send(
        new AgentMessage.Welcome(
            version.getAsInt(),
            seat.id().value(),
            settings.agentVersion(),
            auth,
            notify,
            seat.mode(),
            WireLimits.CREDITS,
            Math.toIntExact(settings.softDeadline().toMillis())));
    EngineContent content = seat.content();
    // An engine without a schema interprets no content and is sent none.
    return content == null || hello.schemaHash().isEmpty() ? null : handOver(to, content);
  }

  private static @Nullable String handOver(EngineConnection to, EngineContent content) {
    int result =
        to.send(
            new AgentMessage.LoadContent(
                content.name(), content.version(), content.sha256(), content.sizeBytes()),
            content.descriptor());
    return result < 0 ? "content could not be handed over: errno=" + Errno.name(-result) : null;
  }

  private static Set<EventClass> granted(Set<EventClass> wanted, Set<EventClass> allowed) {
    EnumSet<EventClass> granted = EnumSet.noneOf(EventClass.class);
    granted.addAll(wanted);
    granted.retainAll(allowed);
    return Set.copyOf(granted);
  }

  private @Nullable String contentLoaded(EngineMessage.ContentLoaded loaded) {
    seat.loaded(loaded.entries());
    notices.report(
        PlatformNotice.Kind.CONTENT,
        seat.id().value(),
        "content in force: version=" + loaded.version() + " entries=" + loaded.entries());
    return null;
  }

  private @Nullable String contentRefused(EngineMessage.ContentRefused refused) {
    notices.report(
        PlatformNotice.Kind.CONTENT,
        seat.id().value(),
        "content refused: version="
            + refused.version()
            + " problems="
            + String.join("; ", refused.problems()));
    return null;
  }

  private @Nullable String becomeReady(EngineConnection from, EngineMessage.Ready ready) {
    if (phase == Phase.READY) {
      return violation(from, "ready twice");
    }
    if (!from.addCredits(ready.credits())) {
      return violation(from, "too many credits");
    }
    seat.ready(from);
    enter(Phase.READY);
    notices.report(
        PlatformNotice.Kind.ENGINE_READY, seat.id().value(), "judges events: pid=" + pid);
    return null;
  }

  private @Nullable String verdicts(
      EngineConnection from, List<EngineMessage.EventVerdict> verdicts) {
    for (EngineMessage.EventVerdict verdict : verdicts) {
      if (!seat.verdict(from, verdict)) {
        violations++;
        counters.add(Counter.ENGINE_VIOLATIONS);
      }
    }
    return violations > VIOLATIONS ? violation(from, "answers to events never sent") : null;
  }

  private @Nullable String abstained(EngineConnection from, List<Long> eventIds) {
    for (long eventId : eventIds) {
      if (!seat.abstained(from, eventId)) {
        violations++;
        counters.add(Counter.ENGINE_VIOLATIONS);
      }
    }
    return violations > VIOLATIONS ? violation(from, "answers to events never sent") : null;
  }

  private @Nullable String report(EngineMessage.Report report) {
    EngineContent content = seat.content();
    findings.accept(
        new Finding(
            time.wallMillis(),
            seat.id(),
            content == null ? "" : content.version(),
            report.rule(),
            report.title(),
            "",
            null,
            0,
            0));
    return null;
  }

  private @Nullable String pong() {
    seat.tookNanos(time.nanos() - pingedNanos);
    return null;
  }

  private String violation(EngineConnection from, String what) {
    counters.add(Counter.ENGINE_VIOLATIONS);
    notices.report(PlatformNotice.Kind.ENGINE_VIOLATION, seat.id().value(), what);
    from.send(new AgentMessage.Refused("violation", what));
    return "broke the protocol: " + what;
  }

  /// Ends a process that does not get ready, has ended before it connected, or has been silent for
  /// long; pings one that is demoted, so that it can recover without events.
  void tick() {
    long inPhase = time.nanos() - phaseSince;
    switch (phase) {
      case STARTING -> {
        Pidfd held = process;
        if ((held != null && held.awaitExit(0)) || inPhase > EngineSettings.HELLO_LIMIT.toNanos()) {
          endStart();
        }
      }
      case HANDSHAKE -> {
        if (inPhase > EngineSettings.READY_LIMIT.toNanos()) {
          kill();
        }
      }
      case READY -> tickReady();
      case BACKOFF, STOPPED -> {}
    }
  }

  private void tickReady() {
    EngineConnection current = connection;
    if (current == null || !seat.demoted()) {
      return;
    }
    if (seat.silentFor(EngineSettings.SILENCE_LIMIT.toNanos())) {
      kill();
      return;
    }
    pingedNanos = time.nanos();
    current.send(new AgentMessage.Ping(pingedNanos));
  }

  private void endStart() {
    SeqPacketListener listening = listener;
    if (listening != null) {
      listening.shutdown();
    }
  }

  private void kill() {
    Pidfd held = process;
    if (held != null) {
      held.signal(Signals.SIGKILL);
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
