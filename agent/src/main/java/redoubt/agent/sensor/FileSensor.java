package redoubt.agent.sensor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.ProcessTree;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.FanotifyGroup;
import redoubt.core.linux.FanotifyNameEvent;
import redoubt.core.linux.FanotifyNameReader;
import redoubt.core.linux.FileHandle;
import redoubt.core.linux.FileSystemMarks;
import redoubt.core.linux.FileSystemType;
import redoubt.core.linux.LinuxException;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.core.wire.WireText;

/// Hears what is done to files and their names on the file systems that are covered, after the
/// fact: nobody waits for this sensor.
///
/// An event waits for 20 milliseconds and more, so that the process sensor has looked at the
/// process first; what one process does to one file meanwhile, the kernel puts together. One thread
/// of its own reads; the other methods may be called by any thread.
public final class FileSensor extends DelayedSensor<FanotifyNameEvent> {
  private static final long MASK =
      FanotifyGroup.FAN_CREATE
          | FanotifyGroup.FAN_CLOSE_WRITE
          | FanotifyGroup.FAN_RENAME
          | FanotifyGroup.FAN_DELETE
          | FanotifyGroup.FAN_ATTRIB
          | FanotifyGroup.FAN_ONDIR;

  /// After which a file is looked at.
  private static final long CONTENT_MASK = FanotifyGroup.FAN_CLOSE_WRITE | FanotifyGroup.FAN_RENAME;

  private static final int BUFFER_BYTES = 256 * 1024;

  /// A file system that is to be heard of.
  private record Covered(long fileSystem, String mountPoint) {}

  private final FanotifyGroup group;
  private final FileSystemMarks marks;
  private final FanotifyNameReader reader;
  private final ProcessTree tree;
  private final IntPredicate isOurs;
  private final HostEventSink sink;
  private final Counters counters;
  private final TimeSource time;
  private final DirectoryPaths directories = new DirectoryPaths();
  private final ContentSampler sampler = new ContentSampler();
  private final ConcurrentLinkedQueue<Covered> added = new ConcurrentLinkedQueue<>();

  private FileSensor(
      ProcessTree tree,
      IntPredicate isOurs,
      HostEventSink sink,
      Counters counters,
      TimeSource time) {
    this.group = FanotifyGroup.openNames(false);
    this.marks = new FileSystemMarks(group, MASK);
    this.reader = new FanotifyNameReader(group, BUFFER_BYTES);
    this.tree = tree;
    this.isOurs = isOurs;
    this.sink = sink;
    this.counters = counters;
    this.time = time;
  }

  /// Begins to hear, of no file system yet.
  ///
  /// @param isOurs whether a process is one of the platform's, of which nothing is told
  /// @throws LinuxException EINVAL before Linux 5.17; EPERM without the capability
  public static FileSensor start(
      ProcessTree tree,
      IntPredicate isOurs,
      HostEventSink sink,
      Counters counters,
      TimeSource time) {
    FileSensor sensor = new FileSensor(tree, isOurs, sink, counters, time);
    Thread.ofPlatform().name("file-sensor").daemon().start(sensor::run);
    return sensor;
  }

  /// Hears of these file systems from now on, beside those before. May block on a dead mount, so it
  /// is called by no thread that anybody waits for.
  ///
  /// @param mountPoints where they are mounted
  /// @param refused is told of each that cannot be heard of, once, and why
  public void cover(Collection<String> mountPoints, BiConsumer<String, String> refused) {
    for (String mountPoint : marks.cover(mountPoints, refused)) {
      added.add(new Covered(idOf(mountPoint), mountPoint));
    }
  }

  private static long idOf(String mountPoint) {
    int place = Descriptors.openPath(mountPoint);
    if (place < 0) {
      return 0;
    }
    long id = FileSystemType.id(place);
    Descriptors.close(place);
    return id;
  }

  private void run() {
    try (group;
        reader;
        sampler) {
      hear();
    }
  }

  @Override
  boolean await(int timeoutMillis) {
    return reader.await(timeoutMillis);
  }

  /// Takes at most a buffer full of events from the kernel.
  @Override
  List<FanotifyNameEvent> read() {
    List<FanotifyNameEvent> events = new ArrayList<>();
    if (reader.read() == 0) {
      for (Optional<FanotifyNameEvent> event = reader.next();
          event.isPresent();
          event = reader.next()) {
        events.add(event.get());
      }
    }
    return events;
  }

  @Override
  void handle(List<FanotifyNameEvent> events) {
    for (Covered each = added.poll(); each != null; each = added.poll()) {
      directories.mounted(each.fileSystem(), each.mountPoint());
    }
    if (!events.isEmpty()) {
      events.forEach(this::handle);
      sink.flush();
    }
  }

  private void handle(FanotifyNameEvent event) {
    long mask = event.mask();
    boolean directory = (mask & FanotifyGroup.FAN_ONDIR) != 0;
    if ((mask & FanotifyGroup.FAN_Q_OVERFLOW) != 0) {
      counters.add(Counter.FILE_EVENTS_LOST);
      directories.forget();
      return;
    }
    if (directory && (mask & (FanotifyGroup.FAN_RENAME | FanotifyGroup.FAN_DELETE)) != 0) {
      directories.forget();
    }
    if (isOurs.test(event.pid())) {
      return;
    }
    String path = pathOf(event.directory(), event.name());
    if (path.isEmpty()) {
      return; // Something about a file that has no name any more.
    }
    ProcessInfo process = tree.findLast(event.pid());
    tell(event, FanotifyGroup.FAN_CREATE, EventClass.FILE_CREATE, process, path, "");
    tell(event, FanotifyGroup.FAN_CLOSE_WRITE, EventClass.FILE_MODIFY, process, path, "");
    tell(event, FanotifyGroup.FAN_ATTRIB, EventClass.FILE_ATTRIBUTES, process, path, "");
    boolean renamed = (mask & FanotifyGroup.FAN_RENAME) != 0;
    String now = renamed ? pathOf(event.newDirectory(), event.newName()) : path;
    tell(event, FanotifyGroup.FAN_RENAME, EventClass.FILE_RENAME, process, now, path);
    tell(event, FanotifyGroup.FAN_DELETE, EventClass.FILE_DELETE, process, path, "");
    if (!directory && (mask & CONTENT_MASK) != 0 && sink.wants(EventClass.FILE_CONTENT)) {
      tellContent(event, process, now, renamed ? path : "");
    }
  }

  /// By the file itself, whatever its name is by now: one who changes many gives them other names
  /// at once.
  private void tellContent(
      FanotifyNameEvent event, ProcessInfo process, String path, String oldPath) {
    int place = event.target().map(directories::open).orElse(-1);
    if (place < 0) {
      return;
    }
    Optional<ContentSampler.Sample> sample;
    try {
      sample = sampler.sample(place);
    } finally {
      Descriptors.close(place);
    }
    sample.ifPresent(found -> {
      counters.add(Counter.HOST_EVENTS);
      sink.take(
          new HostEvent.FileContent(
              time.wallMillis() * 1_000_000L,
              process,
              tree.lineage(process).stream()
                  .skip(1)
                  .limit(HostEvent.FileContent.MOST_ANCESTORS)
                  .map(ProcessInfo::pid)
                  .toList(),
              path,
              oldPath,
              found.sizeBytes(),
              found.birthNanos(),
              found.format(),
              found.entropies()));
    });
  }

  private void tell(
      FanotifyNameEvent event,
      long bit,
      EventClass eventClass,
      ProcessInfo process,
      String path,
      String oldPath) {
    if ((event.mask() & bit) != 0) {
      counters.add(Counter.HOST_EVENTS);
      sink.take(
          new HostEvent.FileChange(
              eventClass,
              time.wallMillis() * 1_000_000L,
              process,
              path,
              oldPath,
              (event.mask() & FanotifyGroup.FAN_ONDIR) != 0));
    }
  }

  private String pathOf(Optional<FileHandle> directory, String name) {
    String parent = directory.map(directories::of).orElse("");
    if (parent.isEmpty()) {
      counters.add(Counter.FILE_PATHS_MISSED);
      return WireText.cutPath(name);
    }
    if (name.isEmpty() || name.equals(".")) {
      return WireText.cutPath(parent);
    }
    return WireText.cutPath(parent.endsWith("/") ? parent + name : parent + "/" + name);
  }
}
