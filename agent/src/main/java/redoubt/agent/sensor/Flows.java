package redoubt.agent.sensor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import redoubt.agent.bounded.BoundedMap;
import redoubt.core.model.Endpoint;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent.NetworkActivity;
import redoubt.core.model.ProcessInfo;

/// Makes of how sockets change what engines are told of flows. Not thread-safe.
final class Flows {
  /// How many that have not ended are remembered; of older ones the end is not told.
  private static final int MOST = 2_048;

  private final IntFunction<ProcessInfo> processes;
  private final WallTime wallTime;
  private final Consumer<NetworkActivity> outlet;
  private final Listeners listeners = new Listeners();
  private final Map<Long, Flow> bySocket = BoundedMap.forgettingEldest(MOST);

  /// Those that have begun and are not told of yet.
  private final Map<Long, Flow> beginning = new LinkedHashMap<>();

  /// A flow that goes on.
  private record Flow(
      long sinceNanos,
      ProcessInfo process,
      int protocol,
      boolean inbound,
      Endpoint local,
      Endpoint remote) {
    Flow withLocal(Endpoint known) {
      return new Flow(sinceNanos, process, protocol, inbound, known, remote);
    }
  }

  /// @param processes what is known of a process by its number
  Flows(IntFunction<ProcessInfo> processes, WallTime wallTime, Consumer<NetworkActivity> outlet) {
    this.processes = processes;
    this.wallTime = wallTime;
    this.outlet = outlet;
  }

  /// Who listens.
  Listeners listeners() {
    return listeners;
  }

  /// A socket has changed. What an outgoing flow's own port is, is known only after its beginning,
  /// so that is told by [#settle] at the latest.
  void changed(SocketChange change) {
    switch (change.now()) {
      case SocketChange.TCP_LISTEN -> listens(change);
      case SocketChange.TCP_SYN_SENT -> connects(change);
      case SocketChange.TCP_ESTABLISHED -> established(change);
      case SocketChange.TCP_CLOSE -> closed(change);
      default -> {
        // On its way from one of these to another.
      }
    }
  }

  private void listens(SocketChange change) {
    ProcessInfo process = processes.apply(change.processId());
    listeners.began(change.local().port(), change.socket(), process);
    outlet.accept(
        new NetworkActivity(
            EventClass.NET_LISTEN,
            wallTime.of(change.timeNanos()),
            process,
            change.protocol(),
            false,
            change.local(),
            Endpoint.NONE,
            0));
  }

  private void connects(SocketChange change) {
    Flow flow = flowOf(change, processes.apply(change.processId()), false);
    bySocket.put(change.socket(), flow);
    beginning.put(change.socket(), flow);
  }

  private void established(SocketChange change) {
    Flow begun = bySocket.get(change.socket());
    if (begun != null && !begun.inbound()) {
      knowsLocal(change, begun);
    } else if (change.before() != SocketChange.TCP_SYN_SENT) {
      Flow flow = flowOf(change, listeners.of(change.local().port()), true);
      bySocket.put(change.socket(), flow);
      tellBegin(flow);
    }
  }

  private void closed(SocketChange change) {
    if (change.before() == SocketChange.TCP_LISTEN) {
      listeners.ended(change.local().port(), change.socket());
      return;
    }
    Flow flow = bySocket.get(change.socket());
    if (flow == null) {
      return;
    }
    Flow whole = flow.inbound() ? flow : knowsLocal(change, flow);
    bySocket.remove(change.socket());
    if (change.before() != SocketChange.TCP_SYN_SENT) {
      tell(
          whole,
          EventClass.NET_CLOSE,
          change.timeNanos(),
          Math.max(0, change.timeNanos() - flow.sinceNanos()));
    }
  }

  private static Flow flowOf(SocketChange change, ProcessInfo process, boolean inbound) {
    return new Flow(
        change.timeNanos(), process, change.protocol(), inbound, change.local(), change.remote());
  }

  /// An outgoing flow's own end is whole now.
  private Flow knowsLocal(SocketChange change, Flow flow) {
    Flow whole = flow.local().port() == 0 ? flow.withLocal(change.local()) : flow;
    bySocket.put(change.socket(), whole);
    if (beginning.remove(change.socket()) != null) {
      tellBegin(whole);
    }
    return whole;
  }

  /// Tells of all flows that have begun.
  void settle() {
    beginning.values().forEach(this::tellBegin);
    beginning.clear();
  }

  private void tellBegin(Flow flow) {
    tell(flow, EventClass.NET_CONNECT, flow.sinceNanos(), 0);
  }

  private void tell(Flow flow, EventClass eventClass, long timeNanos, long durationNanos) {
    outlet.accept(
        new NetworkActivity(
            eventClass,
            wallTime.of(timeNanos),
            flow.process(),
            flow.protocol(),
            flow.inbound(),
            flow.local(),
            flow.remote(),
            durationNanos));
  }
}
