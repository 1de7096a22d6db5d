package redoubt.agent;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redoubt.agent.engine.Engines;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Coverage;
import redoubt.agent.process.ProcessTree;
import redoubt.agent.process.SelfProcesses;
import redoubt.agent.sensor.FileSensor;
import redoubt.agent.sensor.HostEventSink;
import redoubt.agent.sensor.NetworkSensor;
import redoubt.agent.sensor.ProcessSensor;
import redoubt.agent.sensor.Sensor;
import redoubt.core.linux.LinuxException;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Finding;
import redoubt.core.model.HostEvent;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.Sha256;

/// The sensors of this host: each runs while an engine may hear of what it sees, and costs nothing
/// else. Thread-safe.
final class Sensors implements AutoCloseable {
  /// Nobody keeps files there, and every write to a device would be told of.
  private static final String DEVICES = "devtmpfs";

  private final Coverage coverage;
  private final SelfProcesses self;
  private final Function<FileIdentity, @Nullable Sha256> digests;
  private final Counters counters;
  private final Notices notices;
  private final TimeSource time;
  private final ProcessTree tree = new ProcessTree();

  /// The classes of events that some engine may hear of.
  private volatile Set<EventClass> observed = Set.of();

  private @Nullable ProcessSensor processes;
  private @Nullable FileSensor files;
  private @Nullable NetworkSensor network;

  /// @param coverage which file systems are heard of
  /// @param self of whom nothing is told that they do to files or over the network
  /// @param digests gives the digest of a content, if it is known
  Sensors(
      Coverage coverage,
      SelfProcesses self,
      Function<FileIdentity, @Nullable Sha256> digests,
      Counters counters,
      Notices notices,
      TimeSource time) {
    this.coverage = coverage;
    this.self = self;
    this.digests = digests;
    this.counters = counters;
    this.notices = notices;
    this.time = time;
  }

  /// Starts and stops sensors, so that those run which some engine needs. Who did something to a
  /// file or over the network is known from the sensor of processes.
  synchronized void follow(Engines engines) {
    HostEventSink sink = new ToEngines(engines, () -> observed);
    observed = engines.observed();
    boolean ofFiles = !Collections.disjoint(observed, EventClass.ofFiles());
    boolean ofNetwork = !Collections.disjoint(observed, EventClass.ofNetwork());
    boolean ofProcesses =
        ofFiles || ofNetwork || !Collections.disjoint(observed, EventClass.ofProcesses());
    processes =
        follow(
            processes,
            ofProcesses,
            "processes",
            () -> ProcessSensor.start(tree, sink, counters, digests, time));
    files =
        follow(
            files,
            ofFiles,
            "files",
            () -> FileSensor.start(tree, this::isOurs, sink, counters, time));
    network =
        follow(
            network,
            ofNetwork,
            "the network",
            () -> NetworkSensor.start(tree, this::isOurs, sink, counters, time));
    cover();
  }

  private boolean isOurs(int pid) {
    return self.contains(pid, -1);
  }

  /// Begins to hear of something.
  private interface Start<S> {
    S start() throws IOException;
  }

  private <S extends Sensor> @Nullable S follow(
      @Nullable S running, boolean needed, String what, Start<S> start) {
    if (needed == (running != null)) {
      return running;
    }
    if (running != null) {
      running.close();
      return null;
    }
    try {
      return start.start();
    } catch (LinuxException | IOException e) {
      notices.report(
          PlatformNotice.Kind.COVERAGE,
          what,
          "engines do not hear of " + what + ": the kernel refused its events: " + e.getMessage());
      return null;
    }
  }

  /// Has files heard of on every file system that is covered now.
  synchronized void cover() {
    if (files != null) {
      files.cover(
          coverage.fileSystems().stream()
              .filter(each -> each.covered() && !each.type().equals(DEVICES))
              .map(Coverage.FileSystem::mountPoint)
              .toList(),
          (mountPoint, why) ->
              notices.report(
                  PlatformNotice.Kind.COVERAGE,
                  mountPoint,
                  "engines do not hear of files here: " + why));
    }
  }

  private record ToEngines(Engines engines, Supplier<Set<EventClass>> observed)
      implements HostEventSink {
    @Override
    public boolean wants(EventClass eventClass) {
      return observed.get().contains(eventClass);
    }

    @Override
    public void take(HostEvent event) {
      engines.tell(event);
    }

    @Override
    public void flush() {
      engines.flush();
    }
  }

  /// Looks whether a sensor hangs, and at file systems that are new.
  synchronized void check() {
    if (processes != null) {
      processes.check();
    }
    cover();
  }

  /// Who started whom, as far as the sensor of processes has told.
  ProcessTree tree() {
    return tree;
  }

  /// The finding with all that is known of who made the process concerned.
  Finding withLineage(Finding finding) {
    return finding.lineage().isEmpty()
        ? finding
        : finding.withLineage(tree.lineage(finding.lineage().getFirst()));
  }

  @Override
  public synchronized void close() {
    for (Sensor sensor : Arrays.asList(processes, files, network)) {
      if (sensor != null) {
        sensor.close();
      }
    }
    processes = null;
    files = null;
    network = null;
  }
}
