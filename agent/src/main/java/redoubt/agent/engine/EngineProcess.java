package redoubt.agent.engine;

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
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.PeerCredentials;
import redoubt.core.linux.Pidfd;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketListener;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.linux.Signals;
import redoubt.core.model.Finding;
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
  private static final long FIRST_BACKOFF_MILLIS = 100;
  private static final long LONGEST_BACKOFF_MILLIS = 30_000;
  private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(60);

  /// What the process is doing; the names are what `status` shows.
  private enum Phase {
    STARTING("starting"),
    HANDSHAKE("starting"),
    NO_CONTENT("no content"),
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
  private volatile @Nullable EngineDialogue dialogue;

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

  /// Whether there is nothing to wait for: the engine judges events now, or it cannot for want of
  /// content.
  boolean settled() {
    return phase == Phase.READY || phase == Phase.NO_CONTENT;
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
    EngineDialogue conversation =
        new EngineDialogue(
            seat,
            opened,
            settings,
            () -> enter(Phase.NO_CONTENT),
            () -> enter(Phase.READY),
            findings,
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
      case NO_CONTENT, BACKOFF, STOPPED -> {}
    }
  }

  private void tickReady() {
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
