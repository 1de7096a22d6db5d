package redoubt.agent.engine;

import java.util.List;
import redoubt.agent.process.SelfProcesses;
import redoubt.agent.registry.EngineManifest;

/// The control groups of one run of an engine: those in which it starts and those in which it
/// serves.
///
/// People wait for engines that serve, so those have most of the processors when they want them.
/// Nobody waits for one that begins: it starts with a small share, so that engines that are started
/// again and again disturb nobody, and [#serve] moves it to the others.
///
/// Not thread-safe but for what only reads.
final class EngineGroups implements AutoCloseable {
  /// Processes that were made while others were moved are moved in the next round.
  private static final int ROUNDS = 10;

  private final EngineCgroup starting;
  private final EngineCgroup serving;
  private final SelfProcesses self;
  private final long startingId;
  private final long servingId;
  private volatile boolean serves;

  private EngineGroups(
      EngineCgroup starting, EngineCgroup serving, SelfProcesses self, boolean serves) {
    this.starting = starting;
    this.serving = serving;
    this.self = self;
    this.serves = serves;
    startingId = starting.id();
    servingId = serving.id();
    self.addGroup(startingId);
    self.addGroup(servingId);
  }

  /// Makes the groups, without processes.
  ///
  /// @param room the name of the groups of all engines of one agent
  /// @param urgent whether somebody waits for the engine to be ready
  /// @param self is told that whoever is in the groups is ours
  static EngineGroups open(
      String room, EngineManifest manifest, boolean urgent, SelfProcesses self) {
    EngineCgroup starting =
        EngineCgroup.create(room + "-starting", EngineCgroup.Share.STARTING, manifest);
    EngineCgroup serving = EngineCgroup.create(room, EngineCgroup.Share.SERVING, manifest);
    return new EngineGroups(starting, serving, self, urgent);
  }

  /// The `cgroup.procs` files that the engine's first process joins, as absolute paths.
  List<String> procsFiles() {
    return (serves ? serving : starting).procsFiles();
  }

  /// Whether the engine has its full share of the processors.
  boolean serves() {
    return serves;
  }

  /// Gives the engine its full share.
  void serve() {
    for (int round = 0; round < ROUNDS && serving.adopt(starting); round++) {
      // Until none is left there.
    }
    serves = true;
  }

  /// The engine's processes now; none on a host without the unified hierarchy.
  List<Integer> pids() {
    return serves ? serving.pids() : starting.pids();
  }

  /// What the engine's processes used since the groups were made, and hold now.
  EngineUsage usage() {
    EngineUsage before = starting.usage();
    EngineUsage now = serving.usage();
    return new EngineUsage(
        before.cpuMicros() + now.cpuMicros(),
        before.residentBytes() + now.residentBytes(),
        before.processes() + now.processes());
  }

  /// How often the kernel has killed a process of the engine's for want of memory.
  long memoryKills() {
    return starting.memoryKills() + serving.memoryKills();
  }

  /// Kills every process in the groups.
  void kill() {
    starting.kill();
    serving.kill();
  }

  /// Removes the groups, as far as nobody is in them.
  @Override
  public void close() {
    starting.remove();
    serving.remove();
    self.removeGroup(startingId);
    self.removeGroup(servingId);
  }
}
