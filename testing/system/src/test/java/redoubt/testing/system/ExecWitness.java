package redoubt.testing.system;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redoubt.core.linux.Poller;
import redoubt.core.linux.ProcConnector;

/// Another witness of what is executed: the kernel's process events, which know nothing of
/// fanotify.
final class ExecWitness implements AutoCloseable {
  private static final int BUFFER_BYTES = 32 << 20;
  private static final int POLL_MILLIS = 50;

  /// One exec.
  ///
  /// @param pid the process
  /// @param parentPid the process that made it
  record Exec(int pid, int parentPid) {}

  private record Event(ProcConnector.Kind kind, int pid, int parentPid) {}

  private final ProcConnector connector = ProcConnector.open(BUFFER_BYTES);
  private final List<Event> events = new ArrayList<>();
  private final Thread listener = Thread.ofPlatform().name("witness").unstarted(this::listen);
  private volatile boolean closed;

  /// Begins to listen.
  static ExecWitness start() {
    ExecWitness witness = new ExecWitness();
    witness.listener.start();
    return witness;
  }

  private void listen() {
    try (Poller poller = Poller.open();
        Poller.Wait wait = poller.openWait(1)) {
      poller.add(connector.descriptor(), 0);
      boolean last;
      do {
        last = closed;
        wait.await(last ? 0 : POLL_MILLIS);
        while (connector.receive(false) == 0) {
          keep();
        }
      } while (!last);
    }
  }

  private void keep() {
    ProcConnector.Kind kind = connector.kind();
    boolean process = connector.pid() == connector.threadId();
    if (kind == ProcConnector.Kind.EXEC || (kind == ProcConnector.Kind.FORK && process)) {
      events.add(new Event(kind, connector.pid(), connector.parentPid()));
    }
  }

  /// Ends listening and returns the execs of everything that descends from `ancestor`, not its own,
  /// in their order.
  ///
  /// @throws AssertionError if the kernel had to drop events
  List<Exec> execsBelow(int ancestor) {
    end();
    if (connector.lostEvents() != 0 || connector.overruns() != 0) {
      throw new AssertionError("events were lost: count=" + connector.lostEvents());
    }
    Map<Integer, Integer> parents = new HashMap<>();
    Set<Integer> below = new HashSet<>(Set.of(ancestor));
    List<Exec> execs = new ArrayList<>();
    for (Event event : events) {
      if (event.kind == ProcConnector.Kind.EXEC && parents.containsKey(event.pid)) {
        execs.add(new Exec(event.pid, parents.getOrDefault(event.pid, 0)));
      } else if (event.kind == ProcConnector.Kind.FORK && below.contains(event.parentPid)) {
        below.add(event.pid);
        parents.put(event.pid, event.parentPid);
      }
    }
    return execs;
  }

  private void end() {
    closed = true;
    try {
      listener.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    end();
    connector.close();
  }
}
