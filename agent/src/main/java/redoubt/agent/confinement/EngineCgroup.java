package redoubt.agent.confinement;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.linux.KernelFile;
import redoubt.core.linux.MountEntry;
import redoubt.core.linux.Mounts;

/// The control groups that limit one engine's memory, CPU and processes, in whichever of version 1
/// and 2 the host has each controller.
///
/// A controller that is missing is a limit that is missing, not a failure: resource limits of the
/// process itself still hold. Made before the agent opens its hooks and by its engine threads only.
final class EngineCgroup {
  private static final int PERIOD_MICROS = 100_000;

  /// Held while a room is made or removed: the last engine of a room removes it, and the next may
  /// begin in that moment.
  private static final Object ROOMS = new Object();

  /// How much of the processors the engines of a room get together when others want them too.
  enum Share {
    /// Twenty times as much as one process of others.
    SERVING("20480", "2000"),

    /// An eighth of that of one process of others.
    STARTING("128", "12"),

    /// What others leave (Linux 5.15: `cpu.idle`, in both versions); before, as [#STARTING].
    IDLE("128", "12");

    private final String shares;
    private final String weight;

    /// @param shares the weight in the words of version 1, where 1024 is the standard
    /// @param weight the same in those of version 2, where it is 100
    Share(String shares, String weight) {
      this.shares = shares;
      this.weight = weight;
    }

    /// Everybody else's processes compete one by one, all engines together as one group: without
    /// more weight, a user who starts a hundred processes would leave those that serve a hundredth
    /// of the processor, and people wait for their answers.
    private void applyTo(Path room) throws IOException {
      Path idle = room.resolve("cpu.idle");
      if (this == IDLE && Files.exists(idle)) {
        Files.writeString(idle, "1"); // From now on the group takes no weight.
        return;
      }
      for (Setting weigh :
          List.of(new Setting("cpu.shares", shares), new Setting("cpu.weight", weight))) {
        Path file = room.resolve(weigh.file());
        if (Files.exists(file)) {
          Files.writeString(file, weigh.value());
        }
      }
    }
  }

  private final String room;
  private final Share share;
  private final List<Path> directories = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private Optional<Path> identity = Optional.empty();
  private long memoryKillsBefore;
  private long cpuMicrosBefore;

  private EngineCgroup(String room, Share share) {
    this.room = room;
    this.share = share;
  }

  /// Makes or reuses the groups of an engine and sets its limits. Processes that an engine of an
  /// earlier agent left in them are killed.
  ///
  /// @param room the name of the groups of several engines of one agent, which have this share
  static EngineCgroup create(String room, Share share, EngineManifest manifest) {
    EngineCgroup group = new EngineCgroup(room, share);
    synchronized (ROOMS) {
      group.make(manifest);
    }
    group.memoryKillsBefore = group.countMemoryKills();
    group.cpuMicrosBefore = group.countCpuMicros();
    return group;
  }

  private void make(EngineManifest manifest) {
    List<MountEntry> mounts = Mounts.read("/proc/self/mountinfo");
    Optional<Path> unified = unifiedRoot(mounts);
    unified.ifPresent(root -> identify(root, manifest));
    for (Controller controller : Controller.values()) {
      Optional<Path> own = versionOneRoot(mounts, controller);
      if (own.isPresent()) {
        limit(own.get(), manifest, controller.versionOne(manifest));
      } else if (unified.isPresent() && controller.enable(unified.get(), room)) {
        limit(unified.get(), manifest, controller.versionTwo(manifest));
      } else {
        missing.add(controller.key);
      }
    }
  }

  /// The `cgroup.procs` files to join, as absolute paths.
  List<String> procsFiles() {
    return directories.stream().map(path -> path.resolve("cgroup.procs").toString()).toList();
  }

  /// Moves the processes of other groups into these.
  ///
  /// @return those that were there
  Set<Integer> adopt(EngineCgroup others) {
    Set<Integer> pids = new TreeSet<>();
    others.directories.forEach(directory -> pids.addAll(pids(directory)));
    for (int pid : pids) {
      for (String file : procsFiles()) {
        try {
          Files.writeString(Path.of(file), Integer.toString(pid));
        } catch (IOException _) {
          // It has ended.
        }
      }
    }
    return pids;
  }

  /// The limits that this host cannot set.
  List<String> missing() {
    return List.copyOf(missing);
  }

  /// The id by which the kernel names the group of all of the engine's processes, as
  /// `PIDFD_GET_INFO` gives it; 0 on a host without the unified hierarchy.
  long id() {
    return identity.map(EngineCgroup::inode).orElse(0L);
  }

  /// How often the kernel has killed a process of the engine's for want of memory since the groups
  /// were made.
  long memoryKills() {
    return countMemoryKills() - memoryKillsBefore;
  }

  /// What the engine's processes use: processor time since the groups were made, memory now.
  EngineUsage usage() {
    if (identity.isEmpty()) {
      return EngineUsage.NONE;
    }
    Path directory = identity.get();
    long cpuMicros = Math.max(0, countCpuMicros() - cpuMicrosBefore);
    return EngineUsage.ofProcesses(pids(directory), cpuMicros);
  }

  /// The engine's processes now; none on a host without the unified hierarchy.
  List<Integer> pids() {
    return identity.map(EngineCgroup::pids).orElse(List.of());
  }

  private long countCpuMicros() {
    return identity.map(group -> number(group.resolve("cpu.stat"), "usage_usec ")).orElse(0L);
  }

  private static List<Integer> pids(Path directory) {
    try {
      return KernelFile.read(directory.resolve("cgroup.procs").toString())
          .lines()
          .map(Integer::valueOf)
          .toList();
    } catch (IOException | NumberFormatException _) {
      return List.of();
    }
  }

  private long countMemoryKills() {
    return directories.stream()
        .mapToLong(directory ->
            number(directory.resolve("memory.events"), "oom_kill ")
                + number(directory.resolve("memory.oom_control"), "oom_kill "))
        .sum();
  }

  /// Kills every process in the groups, where the kernel can do so at once (Linux 5.14).
  void kill() {
    identity
        .map(directory -> directory.resolve("cgroup.kill"))
        .filter(Files::exists)
        .ifPresent(EngineCgroup::writeOne);
  }

  private static void writeOne(Path file) {
    try {
      Files.writeString(file, "1");
    } catch (IOException _) {
      // The group is gone, and so are its processes.
    }
  }

  /// The number behind a key, 0 if the file or the key is not there.
  private static long number(Path file, String key) {
    try {
      return KernelFile.read(file.toString())
          .lines()
          .filter(line -> line.startsWith(key))
          .mapToLong(line -> Long.parseLong(line.substring(key.length()).strip()))
          .findFirst()
          .orElse(0);
    } catch (IOException | NumberFormatException _) {
      return 0;
    }
  }

  private static long inode(Path directory) {
    try {
      return Files.getAttribute(directory, "unix:ino") instanceof Long number ? number : 0;
    } catch (IOException _) {
      return 0;
    }
  }

  /// A group of the unified hierarchy says who belongs to the engine, also where its limits are set
  /// in hierarchies of version 1.
  private void identify(Path root, EngineManifest manifest) {
    Path directory = root.resolve(room).resolve(manifest.id().value());
    try {
      Files.createDirectories(directory);
      identity = Optional.of(directory);
      kill();
      directories.add(directory);
    } catch (IOException e) {
      missing.add("identity (" + e.getMessage() + ")");
    }
  }

  /// Removes the groups, and the room with the last of its engines; processes left in them keep
  /// them.
  ///
  /// @return whether they are gone
  boolean remove() {
    synchronized (ROOMS) {
      directories.forEach(EngineCgroup::remove);
      return directories.stream().noneMatch(Files::exists);
    }
  }

  private static void remove(Path directory) {
    try {
      Files.deleteIfExists(directory);
      Files.deleteIfExists(directory.resolveSibling(""));
    } catch (IOException _) {
      // Still in use by a dying process, or by another engine; the next start reuses the group.
    }
  }

  private record Setting(String file, String value) {}

  private void limit(Path root, EngineManifest manifest, List<Setting> settings) {
    Path directory = root.resolve(room).resolve(manifest.id().value());
    try {
      Files.createDirectories(directory);
      share.applyTo(root.resolve(room));
      for (Setting setting : settings) {
        Files.writeString(directory.resolve(setting.file()), setting.value());
      }
      if (!directories.contains(directory)) {
        directories.add(directory);
      }
    } catch (IOException e) {
      missing.add(settings.getFirst().file() + " (" + e.getMessage() + ")");
    }
  }

  private static Optional<Path> unifiedRoot(List<MountEntry> mounts) {
    return mounts.stream()
        .filter(mount -> mount.type().equals("cgroup2"))
        .map(mount -> Path.of(mount.mountPoint()))
        .findFirst();
  }

  /// A version 1 hierarchy of a controller shows by that controller's files in its root.
  private static Optional<Path> versionOneRoot(List<MountEntry> mounts, Controller controller) {
    return mounts.stream()
        .filter(mount -> mount.type().equals("cgroup"))
        .map(mount -> Path.of(mount.mountPoint()))
        .filter(root -> names(root).contains(controller.key))
        .findFirst();
  }

  private static List<String> names(Path root) {
    Path name = root.getFileName();
    return name == null ? List.of() : List.of(name.toString().split(","));
  }

  private enum Controller {
    MEMORY("memory") {
      @Override
      List<Setting> versionOne(EngineManifest manifest) {
        return List.of(new Setting("memory.limit_in_bytes", manifest.limits().memoryMiB() + "M"));
      }

      @Override
      List<Setting> versionTwo(EngineManifest manifest) {
        return List.of(
            new Setting("memory.max", manifest.limits().memoryMiB() + "M"),
            new Setting("memory.swap.max", "0"),
            new Setting("memory.oom.group", "1"));
      }
    },
    CPU("cpu") {
      @Override
      List<Setting> versionOne(EngineManifest manifest) {
        return List.of(
            new Setting("cpu.cfs_period_us", Integer.toString(PERIOD_MICROS)),
            new Setting(
                "cpu.cfs_quota_us", manifest.limits().cpuPercent() == 0 ? "-1" : quota(manifest)));
      }

      @Override
      List<Setting> versionTwo(EngineManifest manifest) {
        String quota = manifest.limits().cpuPercent() == 0 ? "max" : quota(manifest);
        return List.of(new Setting("cpu.max", quota + " " + PERIOD_MICROS));
      }

      private String quota(EngineManifest manifest) {
        return Integer.toString(PERIOD_MICROS / 100 * manifest.limits().cpuPercent());
      }
    },
    PIDS("pids") {
      @Override
      List<Setting> versionOne(EngineManifest manifest) {
        return List.of(new Setting("pids.max", Integer.toString(manifest.limits().processes())));
      }

      @Override
      List<Setting> versionTwo(EngineManifest manifest) {
        return versionOne(manifest);
      }
    };

    private final String key;

    Controller(String key) {
      this.key = key;
    }

    abstract List<Setting> versionOne(EngineManifest manifest);

    abstract List<Setting> versionTwo(EngineManifest manifest);

    /// Hands the controller down to the engines' groups of the unified hierarchy.
    boolean enable(Path root, String room) {
      try (Stream<String> lines = Files.lines(root.resolve("cgroup.controllers"))) {
        if (lines.flatMap(line -> Stream.of(line.split(" "))).noneMatch(key::equals)) {
          return false;
        }
        Files.writeString(root.resolve("cgroup.subtree_control"), "+" + key);
        Path groups = Files.createDirectories(root.resolve(room));
        Files.writeString(
            groups.resolve("cgroup.subtree_control"), "+" + key, StandardCharsets.UTF_8);
        return true;
      } catch (IOException _) {
        return false;
      }
    }
  }
}
