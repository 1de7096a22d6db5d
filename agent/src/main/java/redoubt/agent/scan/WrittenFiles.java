package redoubt.agent.scan;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.FileFacts;
import redoubt.agent.hook.Kernel;
import redoubt.core.linux.Errno;
import redoubt.core.linux.FanotifyGroup;
import redoubt.core.linux.FanotifyReader;
import redoubt.core.linux.FileSystemMarks;
import redoubt.core.linux.LinuxException;
import redoubt.core.model.ProcessInfo;

/// Has files scanned that somebody has written where others than root may write, when they are left
/// alone for a moment.
///
/// Nobody waits for it: the kernel tells when a file that was open for writing is closed, and opens
/// it for us. One file at a time is scanned, by one thread that gives way to others. A file that is
/// written again and again is scanned when its writer pauses, and every few seconds. While more
/// files wait than there is place for, the kernel keeps what comes, up to its own bound; what is
/// lost then is counted. Thread-safe.
public final class WrittenFiles implements AutoCloseable {
  /// How many files wait to be scanned at most; each holds a descriptor.
  static final int MOST_WAITING = 256;

  /// How long a file is to be left alone before it is scanned. It is held open that long.
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /// How long a file that is written again and again waits at most.
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final int BATCH = 32;
  private static final int IDLE_MILLIS = 1_000;

  private final FanotifyGroup group;
  private final FileSystemMarks marks;
  private final FanotifyReader reader;
  private final ScanDesk desk;
  private final Kernel kernel;
  private final Predicate<String> isRootOnly;
  private final IntFunction<List<ProcessInfo>> lineages;
  private final IntPredicate isOurs;
  private final Counters counters;
  private final TimeSource time;

  /// In the order in which they came; used by the thread alone.
  private final Map<Key, Waiting> waiting = new LinkedHashMap<>();

  private final FileFacts facts = new FileFacts();
  private volatile boolean stopping;

  private record Key(long device, long inode) {}

  /// @param writer who wrote it last, and who made that one
  /// @param firstNanos when it was written first
  /// @param lastNanos when it was written last
  private record Waiting(
      int descriptor, List<ProcessInfo> writer, long firstNanos, long lastNanos) {
    long dueNanos() {
      return Math.min(lastNanos + QUIET_NANOS, firstNanos + MOST_NANOS);
    }
  }

  private WrittenFiles(
      ScanDesk desk,
      Kernel kernel,
      Predicate<String> isRootOnly,
      IntFunction<List<ProcessInfo>> lineages,
      IntPredicate isOurs,
      Counters counters,
      TimeSource time) {
    this.group = FanotifyGroup.openWritten();
    this.marks = new FileSystemMarks(group, FanotifyGroup.FAN_CLOSE_WRITE);
    this.reader = new FanotifyReader(group, BATCH);
    this.desk = desk;
    this.kernel = kernel;
    this.isRootOnly = isRootOnly;
    this.lineages = lineages;
    this.isOurs = isOurs;
    this.counters = counters;
    this.time = time;
  }

  /// Begins to hear, of no file system yet.
  ///
  /// @param isRootOnly whether nobody but root can have written at a path; may block on a dead
  ///   mount
  /// @param lineages what is known of a process, the one that made it, and so on; asked at once
  ///   when it has written
  /// @param isOurs whether a process is one of the platform's, whose files are not scanned
  /// @throws LinuxException EPERM without the capability; EMFILE if the user has too many groups
  public static WrittenFiles start(
      ScanDesk desk,
      Kernel kernel,
      Predicate<String> isRootOnly,
      IntFunction<List<ProcessInfo>> lineages,
      IntPredicate isOurs,
      Counters counters,
      TimeSource time) {
    WrittenFiles written =
        new WrittenFiles(desk, kernel, isRootOnly, lineages, isOurs, counters, time);
    Thread.ofPlatform().name("written-files").daemon().start(written::run);
    return written;
  }

  /// Hears of these file systems from now on, beside those before. May block on a dead mount, so it
  /// is called by no thread that anybody waits for.
  ///
  /// @param mountPoints where they are mounted
  /// @param refused is told of each that cannot be heard of, once, and why
  public void cover(Collection<String> mountPoints, BiConsumer<String, String> refused) {
    marks.cover(mountPoints, refused);
  }

  /// Hears no longer; the thread lets go of what waits by itself.
  @Override
  public void close() {
    stopping = true;
  }

  private void run() {
    try (group;
        reader;
        ScanDesk.OwnScans scans = desk.ownScans()) {
      while (!stopping) {
        if (waiting.size() < MOST_WAITING && reader.await(untilNext())) {
          read();
        }
        scanDue(scans);
      }
    } finally {
      waiting.values().forEach(file -> kernel.release(file.descriptor()));
    }
  }

  /// Milliseconds until a file is due.
  private int untilNext() {
    long now = time.nanos();
    return waiting.values().stream()
        .mapToInt(file -> (int) Math.max(0, (file.dueNanos() - now) / 1_000_000 + 1))
        .min()
        .orElse(IDLE_MILLIS);
  }

  private void read() {
    int events = reader.read(Math.min(BATCH, MOST_WAITING - waiting.size()));
    if (events < 0 && events != -Errno.EAGAIN) {
      counters.add(Counter.WRITTEN_MISSED);
    }
    for (int i = 0; i < events; i++) {
      int descriptor = reader.descriptor(i);
      if (descriptor < 0) {
        counters.add(Counter.WRITTEN_MISSED);
      } else if (!take(descriptor, reader.pid(i))) {
        kernel.release(descriptor);
      }
    }
  }

  /// Whether the descriptor was kept.
  private boolean take(int descriptor, int pid) {
    if (isOurs.test(pid) || kernel.describeFile(descriptor, facts) < 0 || !facts.regular()) {
      return false;
    }
    Key key = new Key(facts.device(), facts.inode());
    long now = time.nanos();
    Waiting before = waiting.get(key);
    if (before == null && isRootOnly.test(kernel.path(descriptor))) {
      return false;
    }
    List<ProcessInfo> writer = lineages.apply(pid);
    waiting.put(
        key,
        before == null
            ? new Waiting(descriptor, writer, now, now)
            : new Waiting(before.descriptor(), writer, before.firstNanos(), now));
    return before == null;
  }

  private void scanDue(ScanDesk.OwnScans scans) {
    boolean full = waiting.size() >= MOST_WAITING;
    Iterator<Waiting> files = waiting.values().iterator();
    while (files.hasNext() && !stopping) {
      Waiting file = files.next();
      if (full || file.dueNanos() - time.nanos() <= 0) {
        full = false;
        files.remove();
        counters.add(Counter.WRITTEN_SCANNED);
        scans.scan(file.descriptor(), file.writer());
      }
    }
  }
}
