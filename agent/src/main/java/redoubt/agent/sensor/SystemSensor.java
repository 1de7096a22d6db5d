package redoubt.agent.sensor;

import java.util.List;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.core.model.HostEvent;

/// Hears of what concerns the host as a whole. One thread hears; [#close] may be called by any.
abstract class SystemSensor extends DelayedSensor<HostEvent> {
  private static final long MILLI_NANOS = 1_000_000L;

  private final HostEventSink sink;
  private final Counters counters;
  private final TimeSource time;

  /// @param sink what hears of it
  /// @param counters counts what was heard
  SystemSensor(HostEventSink sink, Counters counters, TimeSource time) {
    this.sink = sink;
    this.counters = counters;
    this.time = time;
  }

  /// Now, in nanoseconds since the epoch.
  final long now() {
    return time.wallMillis() * MILLI_NANOS;
  }

  /// Waits where nothing says that there is something new: then it is looked for each time.
  ///
  /// @return true
  static boolean pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  /// The event with what is known only now, a moment after it was read.
  HostEvent settled(HostEvent event) {
    return event;
  }

  @Override
  final void handle(List<HostEvent> events) {
    for (HostEvent event : events) {
      if (sink.wants(event.eventClass())) {
        counters.add(Counter.HOST_EVENTS);
        sink.take(settled(event));
      }
    }
    if (!events.isEmpty()) {
      sink.flush();
    }
  }
}
