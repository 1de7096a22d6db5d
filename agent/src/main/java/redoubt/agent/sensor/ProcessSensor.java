package redoubt.agent.sensor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.ProcessTree;
import redoubt.agent.process.UserNames;
import redoubt.core.linux.Errno;
import redoubt.core.linux.KernelFile;
import redoubt.core.linux.ProcConnector;
import redoubt.core.linux.Scheduling;
import redoubt.core.model.Credentials;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;

/// Follows every process of this host: the kernel says that something happened to one, and what it
/// is now is read at once, on this sensor's own thread.
///
/// That reading can hang for as long as the process keeps its memory map locked. Then [#check]
/// leaves the thread behind, and another goes on without what it was reading.
public final class ProcessSensor implements Sensor {
  private static final int RECEIVE_BUFFER_BYTES = 32 << 20;

  /// How long an event may be kept back, so that several go to engines together.
  private static final int KEPT_BACK_MILLIS = 100;

  private static final long KEPT_BACK_NANOS = KEPT_BACK_MILLIS * 1_000_000L;
  private static final int IDLE_MILLIS = 1_000;
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /// How many threads may hang before processes are no longer looked at.
  private static final int HANGING = 8;

  private static final int REALTIME_PRIORITY = 1;

  private final ProcConnector connector;
  private final ProcessTree tree;
  private final HostEventSink sink;
  private final Counters counters;
  private final TimeSource time;
  private final WallTime wallTime;
  private final UserNames users;

  /// Makes what a thread reads processes with.
  private final Supplier<ProcessReader> readers;

  /// Whoever is in it may touch what belongs to this sensor; a thread that was left behind is not.
  private final AtomicReference<@Nullable Turn> turn = new AtomicReference<>();

  private final EarlyCredentials early = new EarlyCredentials();
  private long lostBefore;
  private long overrunsBefore;
  private boolean keepsBack;
  private long keptSinceNanos;
  private int left;
  private volatile boolean stopping;

  /// One thread's time at the connector.
  ///
  /// @param reads whether it reads a process just now, and may hang in that
  /// @param instead what is passed on if it does; null if nothing is
  private record Turn(
      Thread thread, boolean reads, HostEvent.@Nullable ProcessStart instead, long sinceNanos) {}

  private ProcessSensor(
      ProcConnector connector,
      ProcessTree tree,
      HostEventSink sink,
      Counters counters,
      UserNames users,
      Supplier<ProcessReader> readers,
      TimeSource time) {
    this.connector = connector;
    this.tree = tree;
    this.sink = sink;
    this.counters = counters;
    this.time = time;
    wallTime = new WallTime(time);
    this.users = users;
    this.readers = readers;
  }

  /// Begins to follow.
  ///
  /// @param digests gives the digest of a content, if it is known; never blocks
  /// @throws redoubt.core.linux.LinuxException if the kernel has no proc connector for this
  ///   process: EPERM without the capability, ECONNREFUSED outside the initial namespaces
  public static ProcessSensor start(
      ProcessTree tree,
      HostEventSink sink,
      Counters counters,
      Function<FileIdentity, @Nullable Sha256> digests,
      TimeSource time) {
    UserNames users = new UserNames(Path.of("/etc/passwd"), time);
    return start(tree, sink, counters, users, () -> new ProcessDetails(users, digests), time);
  }

  /// As [#start(ProcessTree, HostEventSink, Counters, Function, TimeSource)], with another way to
  /// read processes.
  static ProcessSensor start(
      ProcessTree tree,
      HostEventSink sink,
      Counters counters,
      UserNames users,
      Supplier<ProcessReader> readers,
      TimeSource time) {
    ProcessSensor sensor =
        new ProcessSensor(
            ProcConnector.open(RECEIVE_BUFFER_BYTES), tree, sink, counters, users, readers, time);
    Thread thread = sensor.newThread(true);
    sensor.turn.set(new Turn(thread, false, null, 0));
    thread.start();
    return sensor;
  }

  private Thread newThread(boolean first) {
    return Thread.ofPlatform().name("process-sensor").daemon().unstarted(() -> run(first));
  }

  private void run(boolean first) {
    // A process that ends soon is looked at in time only by a thread that need not wait for others;
    // below those that answer.
    if (!Scheduling.realtime(REALTIME_PRIORITY)) {
      Scheduling.normal();
    }
    try (ProcessReader reader = readers.get()) {
      if (first) {
        lookAround(reader);
      }
      while (!stopping && isMine()) {
        step(reader);
      }
    }
    if (isMine()) {
      connector.close();
    }
  }

  private boolean isMine() {
    Turn now = turn.get();
    return now != null && now.thread() == Thread.currentThread();
  }

  private void step(ProcessReader reader) {
    int result = connector.receive(false);
    if (result == 0) {
      countLoss(reader);
      handle(reader);
    } else if (result == -Errno.ENOBUFS) {
      countLoss(reader);
    } else if (result == -Errno.EAGAIN) {
      int patience = keepsBack ? KEPT_BACK_MILLIS : IDLE_MILLIS;
      connector.await(patience);
    }
    if (keepsBack && isMine() && time.nanos() - keptSinceNanos >= KEPT_BACK_NANOS) {
      keepsBack = false;
      sink.flush();
    }
  }

  private void handle(ProcessReader reader) {
    switch (connector.kind()) {
      case FORK -> {
        if (connector.pid() == connector.threadId()) {
          forked();
        } else {
          tree.threadMade(connector.threadId(), connector.pid());
        }
      }
      case EXEC -> executed(reader);
      case EXIT -> {
        if (connector.pid() == connector.threadId()) {
          exited();
        }
      }
      case UID, GID -> changedIdentity();
      case PTRACE -> traced();
      case COMM, OTHER -> {
        // Nothing that the tree tells of.
      }
    }
  }

  private void forked() {
    int pid = connector.pid();
    int parent = connector.parentPid();
    tree.forked(pid, parent);
    early.forget(pid);
    if (sink.wants(EventClass.PROCESS_FORK)) {
      long when = wallTime.of(connector.timestampNanos());
      tell(new HostEvent.ProcessFork(when, tree.find(pid), tree.findLast(parent)));
    }
  }

  private void executed(ProcessReader reader) {
    int pid = connector.pid();
    long when = wallTime.of(connector.timestampNanos());
    ProcessInfo known = tree.find(pid);
    HostEvent.ProcessStart instead =
        new HostEvent.ProcessStart(when, ProcessDetails.unread(pid, known), ProcessInfo.UNKNOWN);
    ProcessInfo now = read(reader, pid, known, instead);
    if (now == null) {
      return;
    }
    if (now.arguments().isEmpty()) {
      counters.add(Counter.PROCESS_DETAILS_MISSED);
    }
    Credentials told = early.of(pid);
    early.read(pid, told == null ? known.credentials() : told, now.credentials());
    tell(new HostEvent.ProcessStart(when, now, tree.executed(now), reader.digest()));
  }

  /// Reads a process, and says so meanwhile.
  ///
  /// @return null if that took so long that another thread goes on
  private @Nullable ProcessInfo read(
      ProcessReader reader, int pid, ProcessInfo known, HostEvent.@Nullable ProcessStart instead) {
    Turn mine = turn.get();
    Turn reading = new Turn(Thread.currentThread(), true, instead, time.nanos());
    if (mine == null
        || mine.thread() != Thread.currentThread()
        || !turn.compareAndSet(mine, reading)) {
      return null;
    }
    ProcessInfo now = reader.read(pid, known);
    return turn.compareAndSet(reading, mine) ? now : null;
  }

  private void exited() {
    ProcessInfo process = tree.exited(connector.pid());
    early.forget(connector.pid());
    tell(
        new HostEvent.ProcessExit(
            wallTime.of(connector.timestampNanos()), process, connector.exitStatus()));
  }

  /// The kernel tells of each thread; those after the first change nothing any more.
  private void changedIdentity() {
    int pid = connector.pid();
    int real = connector.realId();
    int effective = connector.effectiveId();
    boolean ofUser = connector.kind() == ProcConnector.Kind.UID;
    ProcessInfo process = tree.findLast(pid);
    Credentials read = process.credentials();
    Credentials told = early.of(pid);
    Credentials before = told == null ? read : told;
    Credentials now = ofUser ? before.withUser(real, effective) : before.withGroup(real, effective);
    if (now.equals(before)) {
      return;
    }
    ProcessInfo changed = process.with(now, ofUser ? users.of(real) : process.user());
    if (told == null) {
      tree.changed(pid, _ -> changed);
    } else {
      early.changed(pid, now, read);
    }
    if (sink.wants(EventClass.PROCESS_IDENTITY)) {
      long when = wallTime.of(connector.timestampNanos());
      tell(new HostEvent.ProcessIdentity(when, changed, before));
    }
  }

  private void traced() {
    int tracer = connector.tracerPid();
    if (tracer > 0) {
      tell(
          new HostEvent.ProcessAccess(
              wallTime.of(connector.timestampNanos()),
              tree.findLast(tracer),
              tree.findLast(connector.pid())));
    }
  }

  private void tell(HostEvent event) {
    counters.add(Counter.HOST_EVENTS);
    if (!keepsBack) {
      keepsBack = true;
      keptSinceNanos = time.nanos();
    }
    sink.take(event);
  }

  private void countLoss(ProcessReader reader) {
    long lost = connector.lostEvents();
    long overruns = connector.overruns();
    if (lost != lostBefore || overruns != overrunsBefore) {
      counters.add(Counter.PROCESS_EVENTS_LOST, lost - lostBefore);
      lostBefore = lost;
      overrunsBefore = overruns;
      lookAround(reader);
    }
  }

  /// Makes the tree what `/proc` shows now.
  private void lookAround(ProcessReader reader) {
    Set<Integer> pids;
    try {
      pids = Set.copyOf(KernelFile.numbers("/proc"));
    } catch (IOException _) {
      return; // The next loss, or the next start, tries again.
    }
    tree.retain(pids);
    for (int pid : pids) {
      ProcessInfo known = tree.find(pid);
      ProcessInfo now = known.pid() == 0 ? read(reader, pid, known, null) : known;
      if (now == null) {
        return; // Whoever goes on learns of the others when they do something.
      }
      tree.found(now);
    }
    tree.tie();
  }

  /// Looks whether this sensor's thread hangs, and has another go on if it does. Called every now
  /// and then by another thread.
  public void check() {
    Turn now = turn.get();
    if (now == null
        || !now.reads()
        || time.nanos() - now.sinceNanos() < PATIENCE.toNanos()
        || left == HANGING) {
      return;
    }
    Thread next = newThread(false);
    if (turn.compareAndSet(now, new Turn(next, false, null, 0))) {
      left++;
      counters.add(Counter.PROCESS_DETAILS_MISSED);
      HostEvent.ProcessStart instead = now.instead();
      if (instead != null) {
        ProcessInfo process = instead.process();
        sink.take(new HostEvent.ProcessStart(instead.timeNanos(), process, tree.executed(process)));
      }
      next.start();
    }
  }

  @Override
  public void close() {
    stopping = true;
  }
}
