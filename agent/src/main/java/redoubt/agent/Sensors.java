package redoubt.agent;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.agent.engine.Engines;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.ProcessTree;
import redoubt.agent.sensor.HostEventSink;
import redoubt.agent.sensor.ProcessSensor;
import redoubt.core.linux.LinuxException;
import redoubt.core.model.EventClass;
import redoubt.core.model.Finding;
import redoubt.core.model.HostEvent;
import redoubt.core.model.PlatformNotice;

/// The sensors of this host: each runs while an engine may hear of what it sees, and costs nothing
/// else. Thread-safe.
final class Sensors implements AutoCloseable {
  private static final Set<EventClass> OF_PROCESSES =
      Set.of(EventClass.PROCESS_START, EventClass.PROCESS_EXIT);

  private final Counters counters;
  private final Notices notices;
  private final TimeSource time;
  private final ProcessTree tree = new ProcessTree();
  private @Nullable ProcessSensor processes;

  Sensors(Counters counters, Notices notices, TimeSource time) {
    this.counters = counters;
    this.notices = notices;
    this.time = time;
  }

  /// Starts and stops sensors, so that those run which some engine needs.
  synchronized void follow(Engines engines) {
    boolean needed = engines.observed().stream().anyMatch(OF_PROCESSES::contains);
    if (needed && processes == null) {
      startProcesses(engines);
    } else if (!needed && processes != null) {
      processes.close();
      processes = null;
    }
  }

  private void startProcesses(Engines engines) {
    try {
      processes = ProcessSensor.start(tree, new ToEngines(engines), counters, time);
    } catch (LinuxException e) {
      notices.report(
          PlatformNotice.Kind.COVERAGE,
          "processes",
          "engines do not hear of processes: the kernel refused its events: " + e.getMessage());
    }
  }

  private record ToEngines(Engines engines) implements HostEventSink {
    @Override
    public void take(HostEvent event) {
      engines.tell(event);
    }

    @Override
    public void flush() {
      engines.flush();
    }
  }

  /// Looks whether a sensor hangs.
  synchronized void check() {
    if (processes != null) {
      processes.check();
    }
  }

  /// The finding with all that is known of who made the process concerned.
  Finding withLineage(Finding finding) {
    return finding.lineage().isEmpty()
        ? finding
        : finding.withLineage(tree.lineage(finding.lineage().getFirst()));
  }

  @Override
  public synchronized void close() {
    if (processes != null) {
      processes.close();
      processes = null;
    }
  }
}
