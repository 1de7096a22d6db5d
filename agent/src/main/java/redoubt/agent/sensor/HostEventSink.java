package redoubt.agent.sensor;

import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;

/// Takes what sensors see. Thread-safe; never blocks.
public interface HostEventSink {
  /// Whether anybody may hear of such events now; others need not be made.
  boolean wants(EventClass eventClass);

  /// Takes an event. It may be kept back for a moment, until [#flush].
  void take(HostEvent event);

  /// Passes on what was kept back.
  void flush();
}
