package redoubt.agent.sensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redoubt.agent.bounded.BoundedMap;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.ProcessTree;
import redoubt.core.linux.PacketTap;
import redoubt.core.linux.UdpPacket;
import redoubt.core.model.Endpoint;
import redoubt.core.model.HostEvent.DnsMessage;
import redoubt.core.model.Octets;
import redoubt.core.model.ProcessInfo;

/// Sees the questions and answers of the domain name system that cross an interface of this network
/// namespace over UDP, and passes them on unread: whoever reads them has no rights to lose.
///
/// One thread reads; the other methods may be called by any thread.
public final class DnsSensor extends DelayedSensor<DnsSensor.Seen> {
  private static final int DNS_PORT = 53;

  /// Long enough for the datagram sensor to have heard who sent it.
  private static final int SETTLE_MILLIS = 60;

  /// A packet that crosses several interfaces of this host is seen at each, in no time.
  private static final int RECENT = 64;

  private static final long AGAIN_NANOS = 50_000_000L;

  /// So many wait at most; of a flood the rest stays in the kernel, which counts what it drops.
  private static final int AT_ONCE = 4_096;

  private final PacketTap tap;
  private final ProcessTree tree;
  private final DatagramSenders senders;
  private final HostEventSink sink;
  private final Counters counters;
  private final TimeSource time;
  private final LossCount losses;
  private final Map<Crossing, Long> recent = BoundedMap.forgettingEldest(RECENT);

  /// A packet and when it was received, by the clock of [TimeSource#nanos].
  record Seen(long timeNanos, UdpPacket packet) {}

  private record Crossing(Endpoint source, Endpoint destination, Octets payload) {}

  private DnsSensor(
      PacketTap tap,
      ProcessTree tree,
      DatagramSenders senders,
      HostEventSink sink,
      Counters counters,
      TimeSource time) {
    super(SETTLE_MILLIS);
    this.tap = tap;
    this.tree = tree;
    this.senders = senders;
    this.sink = sink;
    this.counters = counters;
    this.time = time;
    losses = new LossCount(counters, Counter.NETWORK_EVENTS_LOST);
  }

  /// Begins to see.
  ///
  /// @param senders who sent datagrams to whom
  /// @throws redoubt.core.linux.LinuxException if the kernel refuses
  public static DnsSensor start(
      ProcessTree tree,
      DatagramSenders senders,
      HostEventSink sink,
      Counters counters,
      TimeSource time) {
    DnsSensor sensor = new DnsSensor(PacketTap.open(DNS_PORT), tree, senders, sink, counters, time);
    Thread.ofPlatform().name("dns-sensor").daemon().start(sensor::run);
    return sensor;
  }

  private void run() {
    try (tap) {
      hear();
    }
  }

  @Override
  boolean await(int timeoutMillis) {
    return tap.await(timeoutMillis);
  }

  @Override
  List<Seen> read() {
    List<Seen> seen = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      UdpPacket packet = tap.receive();
      if (packet == null) {
        break;
      }
      long now = time.nanos();
      Long before =
          recent.put(new Crossing(packet.source(), packet.destination(), packet.payload()), now);
      if (before == null || now - before > AGAIN_NANOS) {
        seen.add(new Seen(now, packet));
      }
    }
    losses.grewTo(tap.lost());
    return seen;
  }

  @Override
  void handle(List<Seen> seen) {
    if (!seen.isEmpty()) {
      WallTime wallTime = new WallTime(time);
      for (Seen each : seen) {
        counters.add(Counter.HOST_EVENTS);
        sink.take(messageOf(each.packet(), wallTime.of(each.timeNanos())));
      }
      sink.flush();
    }
  }

  private DnsMessage messageOf(UdpPacket packet, long timeNanos) {
    boolean question = packet.destination().port() == DNS_PORT;
    // Who asks and who answers may both be here; then it is told from the side of who asks.
    boolean weAsk = packet.loopback() || packet.outgoing() == question;
    Endpoint client = question ? packet.source() : packet.destination();
    Endpoint server = question ? packet.destination() : packet.source();
    ProcessInfo process =
        weAsk ? tree.findLast(senders.find(client.port(), server)) : ProcessInfo.UNKNOWN;
    return new DnsMessage(
        timeNanos,
        process,
        !weAsk,
        weAsk ? client : server,
        weAsk ? server : client,
        packet.payload());
  }
}
