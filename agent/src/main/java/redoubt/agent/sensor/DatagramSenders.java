package redoubt.agent.sensor;

import java.util.Map;
import redoubt.agent.bounded.BoundedMap;
import redoubt.core.model.Endpoint;

/// Who sent datagrams from which port to whom, lately. Thread-safe.
public final class DatagramSenders {
  private static final int MOST = 4_096;

  /// A flow that was silent for so long is a new one.
  private static final long SILENT_NANOS = 120_000_000_000L;

  private record Key(int localPort, Endpoint remote) {}

  private record Sender(int thread, int process, long lastNanos) {
    boolean isRecent(long nanos) {
      return nanos - lastNanos <= SILENT_NANOS;
    }
  }

  private final Map<Key, Sender> senders = BoundedMap.forgettingUnused(MOST);

  /// Nobody yet.
  public DatagramSenders() {}

  /// Whether a thread sends what it has sent before, so that nothing has to be found out.
  synchronized boolean continues(int thread, Endpoint local, Endpoint remote, long timeNanos) {
    Key key = new Key(local.port(), remote);
    Sender before = senders.get(key);
    if (before == null || before.thread() != thread || !before.isRecent(timeNanos)) {
      return false;
    }
    senders.put(key, new Sender(thread, before.process(), timeNanos));
    return true;
  }

  /// Remembers that somebody sent.
  ///
  /// @return whether that is news: another process did, or nobody for two minutes
  synchronized boolean sent(int thread, Datagram datagram) {
    Sender before =
        senders.put(
            new Key(datagram.local().port(), datagram.remote()),
            new Sender(thread, datagram.processId(), datagram.timeNanos()));
    return before == null
        || before.process() != datagram.processId()
        || !before.isRecent(datagram.timeNanos());
  }

  /// The process that sent from this port to that end; 0 if it is not known.
  synchronized int find(int localPort, Endpoint remote) {
    Sender sender = senders.get(new Key(localPort, remote));
    return sender == null ? 0 : sender.process();
  }
}
