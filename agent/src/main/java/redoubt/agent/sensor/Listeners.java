package redoubt.agent.sensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import redoubt.agent.bounded.BoundedMap;
import redoubt.core.model.ProcessInfo;

/// Who listens on which port. Not thread-safe.
final class Listeners {
  /// How many ports are remembered.
  private static final int PORTS = 1_024;

  /// How many are remembered on one port.
  private static final int ON_PORT = 64;

  /// Stands for the socket of one that was found listening.
  private static final long FOUND = 0;

  private record Listener(long socket, ProcessInfo process) {}

  private final Map<Integer, List<Listener>> byPort = BoundedMap.forgettingEldest(PORTS);

  /// A process was found listening.
  void found(int port, ProcessInfo process) {
    began(port, FOUND, process);
  }

  /// A process began to listen.
  void began(int port, long socket, ProcessInfo process) {
    List<Listener> listeners = byPort.computeIfAbsent(port, _ -> new ArrayList<>());
    if (listeners.size() < ON_PORT) {
      listeners.add(new Listener(socket, process));
    }
  }

  /// A socket listens no longer.
  void ended(int port, long socket) {
    List<Listener> listeners = byPort.getOrDefault(port, List.of());
    OptionalInt index = indexOf(listeners, socket);
    if (index.isEmpty()) {
      index = indexOf(listeners, FOUND);
    }
    index.ifPresent(listeners::remove);
    if (listeners.isEmpty()) {
      byPort.remove(port);
    }
  }

  private static OptionalInt indexOf(List<Listener> listeners, long socket) {
    for (int i = 0; i < listeners.size(); i++) {
      if (listeners.get(i).socket == socket) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /// The process that listens on a port; an unknown one if none does, or several do.
  ProcessInfo of(int port) {
    List<Listener> listeners = byPort.getOrDefault(port, List.of());
    long processes = listeners.stream().map(each -> each.process.pid()).distinct().count();
    return processes == 1 ? listeners.getLast().process : ProcessInfo.UNKNOWN;
  }

  /// Forgets all.
  void clear() {
    byPort.clear();
  }
}
