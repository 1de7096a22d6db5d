package redoubt.agent.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The files that packages brought to this host, with the digests that they came with.
///
/// [#load] reads the whole package database into a snapshot; [#refresh] does so again when packages
/// have changed. In between, [#find] also looks at what has come since, so that a program may run
/// the moment after its package was unpacked. Safe for use by several threads; none of this is for
/// the thread that answers the kernel.
public final class ShippedFiles {
  /// The clocks of file systems stand still for some milliseconds.
  private static final long CLOCK_STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final PackageDatabase packages;
  private volatile ShippedIndex index = ShippedIndex.empty();
  private volatile long readNanos;
  private volatile long generation;
  private volatile boolean runByOthers;
  private long refusedStamp;

  ShippedFiles(PackageDatabase packages) {
    this.packages = packages;
  }

  /// Those of this host; nothing is read yet.
  public static ShippedFiles ofHost() {
    return new ShippedFiles(PackageDatabase.ofHost());
  }

  /// Whether [#load] starts a child process of this one: then it must be over when hooks are
  /// opened.
  public boolean startsChildren() {
    return !packages.answersInProcess();
  }

  /// From now on, what must be run is run by others, so that packages that come later are known
  /// too.
  public void runWith(HostCommands commands) {
    packages.runWith(commands);
    runByOthers = true;
  }

  /// Whether it was read.
  public boolean isLoaded() {
    return generation > 0;
  }

  /// Reads the package database.
  ///
  /// @throws PolicyException if it cannot be read; then what was known before stays known
  public synchronized void load() throws PolicyException {
    long started = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    ShippedIndex.Builder builder = new ShippedIndex.Builder();
    long stamp = packages.stamp();
    packages.forEachShipped(builder::add);
    index = builder.build(stamp);
    readNanos = started - CLOCK_STEP_NANOS;
    generation++;
  }

  /// Reads the package database again if packages have changed and nothing has changed since the
  /// call before: while a transaction is under way, reading it again and again would help nobody.
  public synchronized void refresh() {
    long stamp = packages.stamp();
    if (stamp == index.stamp() || (startsChildren() && !runByOthers)) {
      return;
    }
    if (stamp != refusedStamp) {
      refusedStamp = stamp;
      return;
    }
    try {
      load();
    } catch (PolicyException _) {
      // What was known stays known, and the next call tries again.
      return;
    }
  }

  /// What the snapshot says of a path; several where one package's file stands in for another's.
  List<ShippedFile> find(String path) {
    List<ShippedFile> found = new ArrayList<>(index.find(path));
    packages.findScript(path).ifPresent(found::add);
    return found;
  }

  /// What packages say that have come since the snapshot, or just come. Costs a look at each
  /// package's list.
  List<ShippedFile> findNewer(String path) {
    return packages.stamp() == index.stamp() ? List.of() : packages.findNewer(path, readNanos);
  }

  /// How many files the snapshot has.
  public int size() {
    return index.size();
  }

  /// Counts snapshots.
  public long generation() {
    return generation;
  }
}
