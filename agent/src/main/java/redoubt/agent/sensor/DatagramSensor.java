package redoubt.agent.sensor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
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
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent.NetworkActivity;

/// Hears to whom processes of this host send UDP datagrams, in every network namespace: the kernel
/// looks for the way of the first datagram of a socket that is connected, and of each of one that
/// is not. Of what comes in, nothing is heard.
///
/// It has buffers of its own, so that a flood of datagrams drowns no other events. One thread
/// reads; the other methods may be called by any thread.
public final class DatagramSensor extends TraceSensor<Datagram> {
  private static final int UDP = 17;

  /// What a process sends comes in through the loopback interface, as the kernel's routing puts it.
  private static final String FILTER = "proto == 17 && iif == 1";

  private static final int BUFFER_KIB = 128;

  private final ProcessTree tree;
  private final IntPredicate isOurs;
  private final DatagramSenders senders;
  private final HostEventSink sink;
  private final Counters counters;
  private final WallTime wallTime;
  private final List<Lookup> lookups;

  /// What the records of one version of IP look like.
  private record Lookup(
      int type, Field source, Field destination, Field sourcePort, Field destinationPort) {
    static Lookup enable(TraceInstance instance, String tracepoint, int addressBytes)
        throws IOException {
      TraceFormat format = instance.enable(tracepoint, FILTER);
      return new Lookup(
          format.type(),
          format.requireField("src", addressBytes),
          format.requireField("dst", addressBytes),
          format.requireField("sport", Short.BYTES),
          format.requireField("dport", Short.BYTES));
    }
  }

  private DatagramSensor(
      TraceInstance instance,
      TraceReader reader,
      List<Lookup> lookups,
      ProcessTree tree,
      IntPredicate isOurs,
      DatagramSenders senders,
      HostEventSink sink,
      Counters counters,
      TimeSource time) {
    super(instance, reader, counters);
    this.lookups = lookups;
    this.tree = tree;
    this.isOurs = isOurs;
    this.senders = senders;
    this.sink = sink;
    this.counters = counters;
    wallTime = new WallTime(time);
  }

  /// Begins to hear.
  ///
  /// @param isOurs whether a process is one of the platform's, of which nothing is told
  /// @param senders where it remembers who sent to whom
  /// @throws IOException if the kernel has no tracing, or not these tracepoints
  public static DatagramSensor start(
      ProcessTree tree,
      IntPredicate isOurs,
      DatagramSenders senders,
      HostEventSink sink,
      Counters counters,
      TimeSource time)
      throws IOException {
    return TraceSensor.start(
        "datagram-sensor",
        BUFFER_KIB,
        (instance, reader) ->
            new DatagramSensor(
                instance, reader, enable(instance), tree, isOurs, senders, sink, counters, time));
  }

  private static List<Lookup> enable(TraceInstance instance) throws IOException {
    List<Lookup> lookups = new ArrayList<>();
    lookups.add(Lookup.enable(instance, "fib/fib_table_lookup", 4));
    try {
      lookups.add(Lookup.enable(instance, "fib6/fib6_table_lookup", 16));
    } catch (IOException _) {
      // A kernel without IPv6, where nobody sends over it.
    }
    return lookups;
  }

  @Override
  List<Datagram> read() {
    List<Datagram> datagrams = new ArrayList<>();
    take(record -> {
      Datagram datagram = record.byThread() ? newsOf(record) : null;
      if (datagram != null) {
        datagrams.add(datagram);
      }
    });
    return datagrams;
  }

  /// The datagram, if it is the first of its flow.
  private @Nullable Datagram newsOf(TraceRecord record) {
    for (Lookup lookup : lookups) {
      if (record.type() == lookup.type()) {
        return newsOf(record, lookup);
      }
    }
    return null;
  }

  private @Nullable Datagram newsOf(TraceRecord record, Lookup lookup) {
    int thread = record.threadId();
    Endpoint local = Endpoint.of(record.bytes(lookup.source()), record.uint16(lookup.sourcePort()));
    Endpoint remote =
        Endpoint.of(record.bytes(lookup.destination()), record.uint16(lookup.destinationPort()));
    if (senders.continues(thread, local, remote, record.timeNanos())) {
      return null;
    }
    Datagram datagram =
        new Datagram(
            record.timeNanos(),
            ThreadOwner.of(thread, tree),
            local.isUnspecified() ? new Endpoint("", local.port()) : local,
            remote);
    return senders.sent(thread, datagram) ? datagram : null;
  }

  @Override
  void handle(List<Datagram> datagrams) {
    if (!datagrams.isEmpty()) {
      datagrams.sort(Comparator.comparingLong(Datagram::timeNanos));
      datagrams.forEach(this::tell);
      sink.flush();
    }
  }

  private void tell(Datagram datagram) {
    if (sink.wants(EventClass.NET_CONNECT)
        && (datagram.processId() == 0 || !isOurs.test(datagram.processId()))) {
      counters.add(Counter.HOST_EVENTS);
      sink.take(
          new NetworkActivity(
              EventClass.NET_CONNECT,
              wallTime.of(datagram.timeNanos()),
              tree.findLast(datagram.processId()),
              UDP,
              false,
              datagram.local(),
              datagram.remote(),
              0));
    }
  }
}
