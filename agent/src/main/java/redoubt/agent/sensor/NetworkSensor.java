package redoubt.agent.sensor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.ProcessTree;
import redoubt.core.linux.TraceFormat;
import redoubt.core.linux.TraceFormat.Field;
import redoubt.core.linux.TraceInstance;
import redoubt.core.linux.TraceReader;
import redoubt.core.linux.TraceRecord;
import redoubt.core.model.Endpoint;
import redoubt.core.model.HostEvent.NetworkActivity;

/// Hears of every TCP and SCTP socket of this host, in every network namespace, as it begins to
/// listen or to connect, is connected and is closed, after the fact: nobody waits for this sensor.
///
/// An event waits for 20 milliseconds and more, so that the process sensor has looked at the
/// process first. One thread of its own reads; the other methods may be called by any thread.
public final class NetworkSensor extends TraceSensor<SocketChange> {
  private static final String TRACEPOINT = "sock/inet_sock_set_state";

  /// Whatever else a socket goes through, these are where it begins and ends; MPTCP's sockets are
  /// left out for those that carry its bytes.
  private static final String FILTER =
      "(newstate == 1 || newstate == 2 || newstate == 7 || newstate == 10) && protocol < 256";

  private static final int BUFFER_KIB = 128;
  private static final int IPV6_BYTES = 16;

  /// After a loss, who listens is looked for, at most so often: it takes its time on a large host.
  private static final long LOOK_EVERY_NANOS = 10_000_000_000L;

  private final ProcessTree tree;
  private final IntPredicate isOurs;
  private final HostEventSink sink;
  private final Counters counters;
  private final TimeSource time;
  private final Flows flows;

  private final int type;
  private final Field socket;
  private final Field before;
  private final Field now;
  private final Field protocol;
  private final Field localPort;
  private final Field remotePort;
  private final Field localAddress;
  private final Field remoteAddress;

  private boolean doubtsListeners;
  private long lookedNanos;

  private NetworkSensor(
      TraceInstance instance,
      TraceFormat format,
      TraceReader reader,
      ProcessTree tree,
      IntPredicate isOurs,
      HostEventSink sink,
      Counters counters,
      TimeSource time) {
    super(instance, reader, counters);
    this.tree = tree;
    this.isOurs = isOurs;
    this.sink = sink;
    this.counters = counters;
    this.time = time;
    flows = new Flows(tree::findLast, new WallTime(time), this::tell);
    type = format.type();
    socket = format.requireField("skaddr", Long.BYTES);
    before = format.requireField("oldstate", Integer.BYTES);
    now = format.requireField("newstate", Integer.BYTES);
    protocol = format.requireField("protocol", Short.BYTES);
    localPort = format.requireField("sport", Short.BYTES);
    remotePort = format.requireField("dport", Short.BYTES);
    localAddress = format.requireField("saddr_v6", IPV6_BYTES);
    remoteAddress = format.requireField("daddr_v6", IPV6_BYTES);
  }

  /// Begins to hear.
  ///
  /// @param isOurs whether a process is one of the platform's, of which nothing is told
  /// @throws IOException if the kernel has no tracing, or not this tracepoint (Linux 4.16)
  public static NetworkSensor start(
      ProcessTree tree, IntPredicate isOurs, HostEventSink sink, Counters counters, TimeSource time)
      throws IOException {
    return TraceSensor.start(
        "network-sensor",
        BUFFER_KIB,
        (instance, reader) ->
            new NetworkSensor(
                instance,
                instance.enable(TRACEPOINT, FILTER),
                reader,
                tree,
                isOurs,
                sink,
                counters,
                time));
  }

  @Override
  void begin() {
    findListeners();
  }

  private void findListeners() {
    doubtsListeners = false;
    lookedNanos = time.nanos();
    flows.listeners().clear();
    ListeningSockets.find((port, process) -> flows.listeners().found(port, tree.findLast(process)));
  }

  @Override
  List<SocketChange> read() {
    List<SocketChange> changes = new ArrayList<>();
    doubtsListeners |=
        take(record -> {
          if (record.type() == type) {
            changes.add(changeOf(record));
          }
        });
    if (doubtsListeners && time.nanos() - lookedNanos > LOOK_EVERY_NANOS) {
      findListeners();
    }
    return changes;
  }

  private SocketChange changeOf(TraceRecord record) {
    int state = record.int32(now);
    boolean byProcess = state == SocketChange.TCP_SYN_SENT || state == SocketChange.TCP_LISTEN;
    return new SocketChange(
        record.timeNanos(),
        byProcess ? ThreadOwner.of(record.threadId(), tree) : 0,
        record.int64(socket),
        record.int32(before),
        state,
        record.uint16(protocol),
        Endpoint.of(record.bytes(localAddress), record.uint16(localPort)),
        Endpoint.of(record.bytes(remoteAddress), record.uint16(remotePort)));
  }

  @Override
  void handle(List<SocketChange> changes) {
    if (!changes.isEmpty()) {
      changes.sort(Comparator.comparingLong(SocketChange::timeNanos));
      changes.forEach(flows::changed);
      flows.settle();
      sink.flush();
    }
  }

  private void tell(NetworkActivity activity) {
    int process = activity.process().pid();
    if (process == 0 || !isOurs.test(process)) {
      counters.add(Counter.HOST_EVENTS);
      sink.take(activity);
    }
  }
}
