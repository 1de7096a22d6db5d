package redoubt.agent.sensor;

import java.util.ArrayList;
import java.util.List;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.ProcessTree;
import redoubt.core.linux.AuditSocket;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.core.wire.WireLimits;
import redoubt.core.wire.WireText;

/// Hears what the kernel's audit system records, beside the audit daemon, and passes it on unread
/// but for the number of the process. It asks the kernel to record nothing: what is recorded is the
/// owner's choice.
///
/// One thread reads; [#close] may be called by any.
public final class AuditSensor extends SystemSensor {
  private static final int RECEIVE_BUFFER_BYTES = 8 << 20;
  private static final int AT_ONCE = 4_096;
  private static final String PID = " pid=";
  private static final int MOST_DIGITS = 9;

  private final AuditSocket socket;
  private final ProcessTree tree;
  private final LossCount losses;

  /// What the last record that named a process begins with, and that process: the records of one
  /// event come one after the other and begin alike.
  private String stamp = "";

  private int stamped;

  private AuditSensor(
      AuditSocket socket,
      ProcessTree tree,
      HostEventSink sink,
      Counters counters,
      TimeSource time) {
    super(sink, counters, time);
    this.socket = socket;
    this.tree = tree;
    losses = new LossCount(counters, Counter.AUDIT_RECORDS_LOST);
  }

  /// Begins to hear.
  ///
  /// @throws redoubt.core.linux.LinuxException if the kernel refuses
  public static AuditSensor start(
      ProcessTree tree, HostEventSink sink, Counters counters, TimeSource time) {
    AuditSensor sensor =
        new AuditSensor(AuditSocket.open(RECEIVE_BUFFER_BYTES), tree, sink, counters, time);
    Thread.ofPlatform().name("audit-sensor").daemon().start(sensor::run);
    return sensor;
  }

  private void run() {
    try (socket) {
      hear();
    }
  }

  @Override
  boolean await(int timeoutMillis) {
    return socket.await(timeoutMillis);
  }

  @Override
  List<HostEvent> read() {
    List<HostEvent> events = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      AuditSocket.Message message = socket.receive();
      if (message == null) {
        break;
      }
      events.add(recordOf(message));
    }
    losses.grewTo(socket.overruns());
    return events;
  }

  private HostEvent recordOf(AuditSocket.Message message) {
    return new HostEvent.AuditRecord(
        now(),
        ProcessInfo.UNKNOWN.forkedAs(processOf(message.text()), -1),
        message.type(),
        WireText.cut(message.text(), WireLimits.AUDIT_RECORD_CHARS));
  }

  @Override
  HostEvent settled(HostEvent event) {
    return event instanceof HostEvent.AuditRecord record
        ? new HostEvent.AuditRecord(
            record.timeNanos(), tree.findLast(record.process().pid()), record.type(), record.text())
        : event;
  }

  /// The process that a record is about. Its number stands before anything that a process can
  /// choose; 0 if there is none.
  private int processOf(String text) {
    int close = text.indexOf(')');
    String begin = close < 0 ? "" : text.substring(0, close);
    int from = text.indexOf(PID);
    if (from < 0) {
      return begin.equals(stamp) ? stamped : 0;
    }
    int digits = from + PID.length();
    int to = digits;
    while (to < text.length() && to - digits < MOST_DIGITS && Character.isDigit(text.charAt(to))) {
      to++;
    }
    stamp = begin;
    stamped = to == digits ? 0 : Integer.parseInt(text, digits, to, 10);
    return stamped;
  }
}
