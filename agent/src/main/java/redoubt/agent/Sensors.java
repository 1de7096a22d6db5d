package redoubt.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redoubt.agent.engine.Engines;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Coverage;
import redoubt.agent.hook.Kernel;
import redoubt.agent.kernel.ModulePaths;
import redoubt.agent.process.ProcessTree;
import redoubt.agent.process.SelfProcesses;
import redoubt.agent.scan.ScanDesk;
import redoubt.agent.scan.WrittenFiles;
import redoubt.agent.sensor.AccountSensor;
import redoubt.agent.sensor.AuditSensor;
import redoubt.agent.sensor.DatagramSenders;
import redoubt.agent.sensor.DatagramSensor;
import redoubt.agent.sensor.DeviceSensor;
import redoubt.agent.sensor.DnsSensor;
import redoubt.agent.sensor.FileSensor;
import redoubt.agent.sensor.HostEventSink;
import redoubt.agent.sensor.LoginSensor;
import redoubt.agent.sensor.MountSensor;
import redoubt.agent.sensor.NetworkSensor;
import redoubt.agent.sensor.ProcessSensor;
import redoubt.agent.sensor.Sensor;
import redoubt.core.linux.LinuxException;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Finding;
import redoubt.core.model.HostEvent;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;

/// The sensors of this host: each runs while an engine needs to hear of what it sees, and costs
/// nothing else. Thread-safe.
final class Sensors implements AutoCloseable {
  /// Nobody keeps files there, and every write to a device would be told of.
  private static final String DEVICES = "devtmpfs";

  private static final Path LOGS = Path.of("/var/log");
  private static final Path ACCOUNT_FILES = Path.of("/etc");

  /// How long whoever needs a sensor waits until it runs; it goes on to start all the same.
  private static final long START_MILLIS = 1_000;

  private final Coverage coverage;
  private final SelfProcesses self;
  private final Function<FileIdentity, @Nullable Sha256> digests;
  private final HostPasts pasts;
  private final Counters counters;
  private final Notices notices;
  private final TimeSource time;
  private final ProcessTree tree = new ProcessTree();
  private final DatagramSenders senders = new DatagramSenders();
  private final ExecutorService starter =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("sensors").daemon().factory());

  /// The classes of events that some engine needs.
  private volatile Set<EventClass> needed = Set.of();

  private volatile @Nullable Engines engines;
  private @Nullable WrittenFiles written;
  private final Map<Kind, Sensor> running = new EnumMap<>(Kind.class);

  /// What there is a sensor for, in the order in which they are started.
  private enum Kind {
    PROCESSES("processes"),
    FILES("files"),
    NETWORK("the network"),
    DATAGRAMS("datagrams"),
    NAMES("names that are looked up"),
    DEVICES("devices and modules"),
    MOUNTS("mounts"),
    AUDIT("audit records"),
    LOGINS("logins"),
    ACCOUNTS("accounts");

    private final String what;

    Kind(String what) {
      this.what = what;
    }

    /// Those that give events of some of these classes, or must know of what these are about.
    static Set<Kind> of(Set<EventClass> classes) {
      Set<Kind> kinds = EnumSet.noneOf(Kind.class);
      classes.forEach(each -> kinds.addAll(of(each)));
      return kinds;
    }

    /// Who did something is known from the sensor of processes.
    private static Set<Kind> of(EventClass eventClass) {
      return switch (eventClass) {
        case EXEC, OPEN, SCAN -> Set.of();
        case PROCESS_START, PROCESS_EXIT, PROCESS_ACCESS, PROCESS_FORK, PROCESS_IDENTITY ->
            Set.of(PROCESSES);
        case FILE_CREATE, FILE_MODIFY, FILE_RENAME, FILE_DELETE, FILE_ATTRIBUTES, FILE_CONTENT ->
            Set.of(PROCESSES, FILES);
        case NET_CONNECT -> Set.of(PROCESSES, NETWORK, DATAGRAMS);
        case NET_LISTEN, NET_CLOSE -> Set.of(PROCESSES, NETWORK);
        case DNS_MESSAGE -> Set.of(PROCESSES, DATAGRAMS, NAMES);
        case DEVICE_CONNECT, DEVICE_DISCONNECT, MODULE_LOAD, MODULE_UNLOAD -> Set.of(DEVICES);
        case MOUNT, UNMOUNT -> Set.of(MOUNTS);
        case AUDIT_RECORD -> Set.of(PROCESSES, AUDIT);
        case LOGIN, LOGIN_FAILURE, LOGOUT -> Set.of(PROCESSES, LOGINS);
        case ACCOUNT_CREATE, ACCOUNT_CHANGE, ACCOUNT_DELETE -> Set.of(ACCOUNTS);
      };
    }
  }

  /// @param coverage which file systems are heard of
  /// @param self of whom nothing is told that they do to files or over the network
  /// @param digests gives the digest of a content, if it is known
  /// @param pasts keeps a sample of what engines are told
  Sensors(
      Coverage coverage,
      SelfProcesses self,
      Function<FileIdentity, @Nullable Sha256> digests,
      HostPasts pasts,
      Counters counters,
      Notices notices,
      TimeSource time) {
    this.coverage = coverage;
    this.self = self;
    this.digests = digests;
    this.pasts = pasts;
    this.counters = counters;
    this.notices = notices;
    this.time = time;
  }

  /// Tells these engines from now on.
  void serve(Engines served) {
    engines = served;
  }

  /// Starts and stops sensors, so that those run which some engine needs. Waits a second at most
  /// for those that are slow to start.
  void follow() {
    try {
      starter.submit(this::adjust).get(START_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException | TimeoutException _) {
      // The agent ends, or the kernel takes its time.
    } catch (ExecutionException e) {
      throw new IllegalStateException("sensors", e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void adjust() {
    Engines served = engines;
    if (served == null) {
      return;
    }
    HostEventSink sink = new ToEngines(served, pasts, () -> needed);
    needed = served.needed();
    Set<Kind> kinds = Kind.of(needed);
    for (Kind kind : Kind.values()) {
      if (!kinds.contains(kind)) {
        Sensor unneeded = running.remove(kind);
        if (unneeded != null) {
          unneeded.close();
        }
      } else if (!running.containsKey(kind)) {
        start(kind, sink);
      }
    }
    cover();
  }

  private void start(Kind kind, HostEventSink sink) {
    try {
      running.put(kind, sensor(kind, sink));
    } catch (LinuxException | IOException e) {
      notices.report(
          PlatformNotice.Kind.COVERAGE,
          kind.what,
          "engines do not hear of " + kind.what + ": " + e.getMessage());
    }
  }

  private Sensor sensor(Kind kind, HostEventSink sink) throws IOException {
    return switch (kind) {
      case PROCESSES -> ProcessSensor.start(tree, sink, counters, digests, time);
      case FILES -> FileSensor.start(tree, this::isOurs, sink, counters, time);
      case NETWORK -> NetworkSensor.start(tree, this::isOurs, sink, counters, time);
      case DATAGRAMS -> DatagramSensor.start(tree, this::isOurs, senders, sink, counters, time);
      case NAMES -> DnsSensor.start(tree, senders, sink, counters, time);
      case DEVICES -> DeviceSensor.start(ModulePaths::find, sink, counters, time);
      case MOUNTS -> MountSensor.start(sink, counters, time);
      case AUDIT -> AuditSensor.start(tree, sink, counters, time);
      case LOGINS -> LoginSensor.start(LOGS, tree, sink, counters, time);
      case ACCOUNTS -> AccountSensor.start(ACCOUNT_FILES, sink, counters, time);
    };
  }

  private boolean isOurs(int pid) {
    return self.contains(pid, -1);
  }

  /// Has files heard of on every file system that is covered now.
  synchronized void cover() {
    if (running.get(Kind.FILES) instanceof FileSensor files) {
      files.cover(covered(), uncovered("engines do not hear of files here: "));
    }
    if (written != null) {
      written.cover(covered(), uncovered("files that are written here are not scanned: "));
    }
  }

  private List<String> covered() {
    return coverage.fileSystems().stream()
        .filter(each -> each.covered() && !each.type().equals(DEVICES))
        .map(Coverage.FileSystem::mountPoint)
        .toList();
  }

  private BiConsumer<String, String> uncovered(String what) {
    return (mountPoint, why) ->
        notices.report(PlatformNotice.Kind.COVERAGE, mountPoint, what + why);
  }

  /// Has files scanned that are written on the file systems that are covered.
  void scanWritten(ScanDesk scans, Kernel kernel, Predicate<String> isRootOnly) {
    try {
      WrittenFiles started =
          WrittenFiles.start(
              scans,
              kernel,
              isRootOnly,
              pid -> lineageOf(pid, kernel),
              pid -> isOurs(pid) || self.isHelper(pid, -1),
              counters,
              time);
      synchronized (this) {
        written = started;
      }
    } catch (LinuxException e) {
      notices.report(
          PlatformNotice.Kind.COVERAGE,
          "written files",
          "files are not scanned when they were written: " + e.getMessage());
    }
  }

  /// As much as the sensor of processes has told; its program alone, as long as it runs, if no
  /// engine needs that sensor.
  private List<ProcessInfo> lineageOf(int pid, Kernel kernel) {
    ProcessInfo known = tree.findLast(pid);
    return tree.lineage(known.image().isEmpty() ? known.running(kernel.image(pid)) : known);
  }

  private record ToEngines(Engines engines, HostPasts pasts, Supplier<Set<EventClass>> needed)
      implements HostEventSink {
    @Override
    public boolean wants(EventClass eventClass) {
      return needed.get().contains(eventClass);
    }

    @Override
    public void take(HostEvent event) {
      engines.tell(event);
      pasts.note(event);
    }

    @Override
    public void flush() {
      engines.flush();
    }
  }

  /// Looks whether a sensor hangs, and at file systems that are new.
  synchronized void check() {
    if (running.get(Kind.PROCESSES) instanceof ProcessSensor processes) {
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
    starter.shutdown();
    running.values().forEach(Sensor::close);
    running.clear();
    if (written != null) {
      written.close();
    }
  }
}
