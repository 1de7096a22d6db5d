package redoubt.agent.confinement;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import redoubt.agent.process.SelfProcesses;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.linux.KernelFile;
import redoubt.core.linux.Scheduling;

/// The control groups of one run of an engine: those in which it starts and the one in which it
/// serves.
///
/// People wait for engines that serve, so those have most of the processors when they want them.
/// Who begins has a share by its [Haste], and turns that end when anybody else wakes up
/// ([Scheduling#background(int, int)]), so that engines that are started again and again disturb
/// nobody; [#serve] moves it to the others.
///
/// Not thread-safe but for what only reads.
public final class EngineGroups implements AutoCloseable {
  /// Processes that were made while others were moved are moved in the next round.
  private static final int ROUNDS = 10;

  /// How long processes that were killed may keep their groups.
  private static final long LAST_NANOS = 500_000_000L;

  private static final long PAUSE_NANOS = 5_000_000L;

  /// How soon an engine has to be ready.
  public enum Haste {
    /// Somebody waits: it starts where it serves.
    AT_ONCE,

    /// Nobody waits, but the host is without it meanwhile: it starts with a small share.
    SOON,

    /// Another one serves, or it is only tried: it takes what others leave, until [#hurry].
    WHENEVER
  }

  /// It starts in the first and serves in the last.
  private final List<EngineCgroup> groups;

  private final List<Long> ids;
  private final SelfProcesses self;
  private volatile EngineCgroup current;

  private EngineGroups(List<EngineCgroup> groups, SelfProcesses self) {
    this.groups = groups;
    this.self = self;
    current = groups.getFirst();
    ids = groups.stream().map(EngineCgroup::id).toList();
    ids.forEach(self::addGroup);
  }

  /// Makes the groups, without processes.
  ///
  /// @param room the name of the groups of all engines of one agent
  /// @param haste how soon the engine has to be ready
  /// @param self is told that whoever is in the groups is ours
  public static EngineGroups open(
      String room, EngineManifest manifest, Haste haste, SelfProcesses self) {
    List<EngineCgroup> groups = new ArrayList<>();
    if (haste == Haste.WHENEVER) {
      groups.add(EngineCgroup.create(room + "-idle", EngineCgroup.Share.IDLE, manifest));
    }
    if (haste != Haste.AT_ONCE) {
      groups.add(EngineCgroup.create(room + "-starting", EngineCgroup.Share.STARTING, manifest));
    }
    groups.add(EngineCgroup.create(room, EngineCgroup.Share.SERVING, manifest));
    return new EngineGroups(List.copyOf(groups), self);
  }

  /// The `cgroup.procs` files that the engine's first process joins, as absolute paths.
  List<String> procsFiles() {
    return current.procsFiles();
  }

  /// Whether the engine has its full share of the processors.
  public boolean serves() {
    return current == groups.getLast();
  }

  /// Gives an engine that took what others left, and was left nothing, a small share.
  public void hurry() {
    if (groups.size() > 2 && current == groups.getFirst()) {
      move(groups.get(1));
    }
  }

  /// Gives the engine its full share.
  public void serve() {
    Set<Integer> moved = move(groups.getLast());
    Set<Integer> threads = new TreeSet<>();
    for (int round = 0; round < ROUNDS && threads.addAll(threads(moved)); round++) {
      threads.forEach(Scheduling::foreground);
    }
  }

  private Set<Integer> move(EngineCgroup next) {
    Set<Integer> moved = new TreeSet<>();
    for (int round = 0; round < ROUNDS && moved.addAll(next.adopt(current)); round++) {
      // Until none is left there.
    }
    current = next;
    return moved;
  }

  /// Threads that were made while others were listed are found in the next round.
  private static Set<Integer> threads(Set<Integer> pids) {
    Set<Integer> threads = new TreeSet<>();
    for (int pid : pids) {
      try {
        threads.addAll(KernelFile.numbers("/proc/" + pid + "/task"));
      } catch (IOException _) {
        // The process has ended.
      }
    }
    return threads;
  }

  /// The engine's processes now; none on a host without the unified hierarchy.
  public List<Integer> pids() {
    return current.pids();
  }

  /// What the engine's processes used since the groups were made, and hold now.
  public EngineUsage usage() {
    return groups.stream().map(EngineCgroup::usage).reduce(EngineUsage.NONE, EngineUsage::plus);
  }

  /// How often the kernel has killed a process of the engine's for want of memory.
  public long memoryKills() {
    return groups.stream().mapToLong(EngineCgroup::memoryKills).sum();
  }

  /// Kills every process in the groups.
  public void kill() {
    groups.forEach(EngineCgroup::kill);
  }

  /// Removes the groups, as far as nobody is in them; those who were killed have a moment to end.
  @Override
  public void close() {
    long end = System.nanoTime() + LAST_NANOS;
    for (EngineCgroup group : groups) {
      while (!group.remove() && System.nanoTime() - end < 0) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    ids.forEach(self::removeGroup);
  }
}
