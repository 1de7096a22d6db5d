package redoubt.agent.confinement;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redoubt.agent.process.SelfProcesses;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.PeerCredentials;
import redoubt.core.linux.Pidfd;
import redoubt.core.linux.ProcessStatus;
import redoubt.core.linux.SeqPacketListener;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.linux.Signals;
import redoubt.core.model.EngineId;

/// One confined process of an engine, from its start to its end, and the socket at which it is
/// expected.
///
/// One thread starts it, accepts its connection and closes it; any thread may call the rest.
public final class ConfinedEngine implements AutoCloseable {
  /// How far above an engine's process the started one is at most.
  private static final int CONFINING_PROCESSES = 2;

  /// How long a killed process may take to end.
  private static final int KILL_MILLIS = 2_000;

  /// What is started.
  ///
  /// @param id the engine
  /// @param uid the user id that the engine's process has
  /// @param socket where the agent listens for it
  /// @param filter a file with the filter of system calls
  /// @param output what its output is written to
  /// @param command what [EngineSandbox] made of its manifest
  public record Start(
      EngineId id, int uid, Path socket, Path filter, Path output, List<String> command) {
    public Start {
      command = List.copyOf(command);
    }
  }

  /// How a process ended.
  ///
  /// @param status its exit status, 128 more than the signal if one ended it; -1 if it is not known
  /// @param itself whether it had ended before anybody ended it
  public record Ended(int status, boolean itself) {}

  private final Spawner spawner;
  private final SelfProcesses self;
  private final int uid;
  private final SeqPacketListener listener;
  private final int started;
  private @Nullable Pidfd process;
  private boolean ended;
  private volatile boolean refusing;

  private ConfinedEngine(
      Spawner spawner, SelfProcesses self, int uid, SeqPacketListener listener, int started) {
    this.spawner = spawner;
    this.self = self;
    this.uid = uid;
    this.listener = listener;
    this.started = started;
    this.process = Pidfd.open(started).orElse(null);
    self.add(started, process == null ? 0 : process.uniqueId());
  }

  /// Starts a process.
  ///
  /// @param groups the control groups that it is to be in
  /// @param self is told that it is ours
  /// @throws UncheckedIOException if the spawner is gone or refuses
  /// @throws LinuxException if its socket cannot be made
  public static ConfinedEngine start(
      Spawner spawner, EngineGroups groups, SelfProcesses self, Start start) {
    SeqPacketListener listener = SeqPacketListener.bind(start.socket(), 0666);
    int pid = 0;
    try {
      pid = spawner.start(start.id(), start.filter(), start.output(), groups, start.command());
      return new ConfinedEngine(spawner, self, start.uid(), listener, pid);
    } catch (RuntimeException e) {
      listener.close();
      if (pid > 0) {
        spawner.end(pid, null, KILL_MILLIS);
        self.remove(pid);
      }
      throw e;
    }
  }

  /// The process that was started, which confines the engine and may be another than the one that
  /// talks.
  public int pid() {
    return started;
  }

  /// Waits for the engine's own connection; anybody else's is closed. There is one: whatever else
  /// waited to be accepted is gone then, with what it may have held.
  ///
  /// @return null once [#refuse] was called
  /// @throws LinuxException if this process has no descriptor left
  public @Nullable SeqPacketSocket accept() {
    try {
      while (true) {
        SeqPacketSocket socket = listener.accept();
        PeerCredentials peer = socket.peer();
        if (peer.uid() == uid && isOfStarted(socket)) {
          closeListener();
          return socket;
        }
        socket.close();
      }
    } catch (LinuxException e) {
      if (refusing) {
        return null;
      }
      throw e;
    }
  }

  private synchronized void closeListener() {
    listener.close();
  }

  /// Connections are no longer accepted.
  public synchronized void refuse() {
    refusing = true;
    listener.shutdown();
  }

  /// Between the started process and the engine are those that confine it. Before Linux 6.5 the
  /// peer is known by its number alone: a later process that has it and is of the started one is
  /// the engine's too.
  private boolean isOfStarted(SeqPacketSocket socket) {
    int ancestor = socket.peer().pid();
    int number = ancestor;
    try (Pidfd peer = socket.openPeer().or(() -> Pidfd.open(number)).orElse(null)) {
      if (peer == null) {
        return false;
      }
      int parent = parentOf(peer, ancestor);
      for (int i = 0; i < CONFINING_PROCESSES && ancestor != started && parent > 1; i++) {
        ancestor = parent;
        try (Pidfd above = Pidfd.open(ancestor).orElse(null)) {
          parent = above == null ? 0 : parentOf(above, ancestor);
        }
      }
      return ancestor == started;
    }
  }

  private static int parentOf(Pidfd process, int pid) {
    try (ProcessStatus status = new ProcessStatus()) {
      return status.load(process, pid) == 0 ? status.parentPid() : 0;
    }
  }

  /// Whether it is known to have ended.
  public synchronized boolean hasEnded() {
    return ended || (process != null && process.awaitExit(0));
  }

  /// Kills it; does not wait for its end.
  public synchronized void kill() {
    if (process != null) {
      process.signal(Signals.SIGKILL);
    }
  }

  /// Ends it.
  ///
  /// @param patienceMillis how long it may take to end by itself
  public Ended end(int patienceMillis) {
    Pidfd held = process;
    boolean itself = held == null || held.awaitExit(patienceMillis);
    int status = spawner.end(started, held, KILL_MILLIS);
    synchronized (this) {
      ended = true;
    }
    return new Ended(status, itself);
  }

  @Override
  public void close() {
    closeListener();
    if (!ended) {
      spawner.end(started, process, KILL_MILLIS);
    }
    synchronized (this) {
      ended = true;
      if (process != null) {
        process.close();
        process = null;
      }
    }
    self.remove(started);
  }
}
