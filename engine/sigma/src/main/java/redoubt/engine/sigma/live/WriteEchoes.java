package redoubt.engine.sigma.live;

import java.util.Map;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.model.HostEvent.FileChange;

/// Tells the first writing of a new file from its creation: for rules, both are one event, as they
/// are for Sysmon. Not thread-safe.
final class WriteEchoes {
  private static final int MOST = 256;
  private static final long NEW_NANOS = 60_000_000_000L;

  private record Key(int pid, String path) {}

  private final Map<Key, Long> created = new BoundedMap<>(MOST);

  /// Whether the event says of a file that it was written which the same process has just made.
  boolean repeats(HostEvent event) {
    if (!(event instanceof FileChange change)) {
      return false;
    }
    Key key = new Key(change.process().pid(), change.path());
    if (change.eventClass() == EventClass.FILE_CREATE) {
      created.put(key, change.timeNanos());
      return false;
    }
    if (change.eventClass() != EventClass.FILE_MODIFY) {
      return false;
    }
    Long when = created.remove(key);
    return when != null && change.timeNanos() - when < NEW_NANOS;
  }
}
