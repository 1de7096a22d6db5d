package redoubt.agent.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import redoubt.agent.health.TimeSource;
import redoubt.core.model.Endpoint;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent.NetworkActivity;
import redoubt.core.model.ProcessInfo;

class FlowsTest {
  private static final int ESTABLISHED = SocketChange.TCP_ESTABLISHED;
  private static final int SYN_SENT = SocketChange.TCP_SYN_SENT;
  private static final int SYN_RECV = 3;
  private static final int FIN_WAIT2 = 5;
  private static final int CLOSE = SocketChange.TCP_CLOSE;
  private static final int LISTEN = SocketChange.TCP_LISTEN;
  private static final int CLIENT = 7;
  private static final int SERVER = 8;
  private static final Endpoint NOT_BOUND = new Endpoint("192.0.2.1", 0);
  private static final Endpoint HERE = new Endpoint("192.0.2.1", 40_000);
  private static final Endpoint THERE = new Endpoint("198.51.100.1", 443);
  private static final Endpoint SSH = new Endpoint("0.0.0.0", 22);

  private final List<NetworkActivity> told = new ArrayList<>();
  private final Flows flows =
      new Flows(
          pid -> ProcessInfo.UNKNOWN.forkedAs(pid, 1), new WallTime(new StandingTime()), told::add);
  private long now;

  /// Both clocks at 0.
  private static final class StandingTime implements TimeSource {
    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public long wallMillis() {
      return 0;
    }
  }

  private void change(
      int process, long socket, int before, int after, Endpoint local, Endpoint remote) {
    now += 10;
    flows.changed(new SocketChange(now, process, socket, before, after, 6, local, remote));
  }

  private static NetworkActivity event(
      EventClass eventClass,
      long time,
      int process,
      boolean inbound,
      Endpoint local,
      Endpoint remote,
      long duration) {
    ProcessInfo known =
        process == 0 ? ProcessInfo.UNKNOWN : ProcessInfo.UNKNOWN.forkedAs(process, 1);
    return new NetworkActivity(eventClass, time, known, 6, inbound, local, remote, duration);
  }

  /// The first change is the beginning, the third the end.
  private void assertBeganAndEnded(Endpoint ownAtFirst) {
    assertEquals(
        List.of(
            event(EventClass.NET_CONNECT, 10, CLIENT, false, ownAtFirst, THERE, 0),
            event(EventClass.NET_CLOSE, 30, CLIENT, false, HERE, THERE, 20)),
        told);
  }

  @Test
  void anOutgoingFlowIsToldOnceWithItsOwnPort() {
    change(CLIENT, 1, CLOSE, SYN_SENT, NOT_BOUND, THERE);
    change(99, 1, SYN_SENT, ESTABLISHED, HERE, THERE);
    flows.settle();
    change(99, 1, FIN_WAIT2, CLOSE, HERE, THERE);
    assertBeganAndEnded(HERE);
  }

  @Test
  void oneThatIsNotAnsweredSoonIsToldWithoutItsPort() {
    change(CLIENT, 1, CLOSE, SYN_SENT, NOT_BOUND, THERE);
    flows.settle();
    flows.settle();
    change(99, 1, SYN_SENT, ESTABLISHED, HERE, THERE);
    change(99, 1, ESTABLISHED, CLOSE, HERE, THERE);
    assertBeganAndEnded(NOT_BOUND);
  }

  @Test
  void oneFromAPortThatTheProcessChoseBeginsBeforeItEnds() {
    change(CLIENT, 1, CLOSE, SYN_SENT, HERE, THERE);
    change(99, 1, SYN_SENT, ESTABLISHED, HERE, THERE);
    change(99, 1, ESTABLISHED, CLOSE, HERE, THERE);
    flows.settle();
    assertBeganAndEnded(HERE);
  }

  @Test
  void oneThatIsRefusedHasBegunAndNotEnded() {
    change(CLIENT, 1, CLOSE, SYN_SENT, NOT_BOUND, THERE);
    change(99, 1, SYN_SENT, CLOSE, HERE, THERE);
    flows.settle();
    assertEquals(List.of(event(EventClass.NET_CONNECT, 10, CLIENT, false, HERE, THERE, 0)), told);
  }

  @Test
  void anIncomingFlowIsOfWhoeverListens() {
    change(SERVER, 1, CLOSE, LISTEN, SSH, Endpoint.NONE);
    Endpoint own = new Endpoint("192.0.2.1", 22);
    change(99, 2, SYN_RECV, ESTABLISHED, own, THERE);
    change(SERVER, 1, LISTEN, CLOSE, SSH, Endpoint.NONE);
    change(99, 2, ESTABLISHED, CLOSE, own, THERE);
    change(99, 3, SYN_RECV, ESTABLISHED, own, THERE);
    assertEquals(
        List.of(
            event(EventClass.NET_LISTEN, 10, SERVER, false, SSH, Endpoint.NONE, 0),
            event(EventClass.NET_CONNECT, 20, SERVER, true, own, THERE, 0),
            event(EventClass.NET_CLOSE, 40, SERVER, true, own, THERE, 20),
            event(EventClass.NET_CONNECT, 50, 0, true, own, THERE, 0)),
        told);
  }

  @Test
  void bothSidesMayBeginAtOnce() {
    change(CLIENT, 1, CLOSE, SYN_SENT, NOT_BOUND, THERE);
    change(99, 1, SYN_RECV, ESTABLISHED, HERE, THERE);
    flows.settle();
    assertEquals(List.of(event(EventClass.NET_CONNECT, 10, CLIENT, false, HERE, THERE, 0)), told);
  }

  @Test
  void whatBeganBeforeIsNotTold() {
    change(99, 1, SYN_SENT, ESTABLISHED, HERE, THERE);
    change(99, 2, ESTABLISHED, CLOSE, HERE, THERE);
    change(99, 3, LISTEN, CLOSE, SSH, Endpoint.NONE);
    flows.settle();
    assertEquals(List.of(), told);
  }

  @Test
  void ofManyTheOldestAreForgotten() {
    int many = 5_000;
    for (int i = 1; i <= many; i++) {
      change(CLIENT, i, CLOSE, SYN_SENT, NOT_BOUND, THERE);
      flows.settle();
    }
    for (int i = 1; i <= many; i++) {
      change(99, i, ESTABLISHED, CLOSE, HERE, THERE);
    }
    assertEquals(many + 2_048, told.size());
  }

  @Test
  void aPortThatSeveralProcessesListenOnIsNobodys() {
    Listeners listeners = flows.listeners();
    ProcessInfo one = ProcessInfo.UNKNOWN.forkedAs(1, 0);
    ProcessInfo two = ProcessInfo.UNKNOWN.forkedAs(2, 0);
    listeners.found(80, one);
    assertEquals(one, listeners.of(80));
    listeners.began(80, 5, one);
    assertEquals(one, listeners.of(80));
    listeners.began(80, 6, two);
    assertEquals(ProcessInfo.UNKNOWN, listeners.of(80));
    listeners.ended(80, 5);
    listeners.ended(80, 4711); // the one that was found
    assertEquals(two, listeners.of(80));
    listeners.ended(80, 6);
    listeners.ended(80, 6);
    assertEquals(ProcessInfo.UNKNOWN, listeners.of(80));
  }
}
