package redoubt.agent.hook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.MountEntry;
import redoubt.core.linux.Mounts;
import redoubt.core.model.PlatformNotice;

/// Which file systems are covered: marks each when it first appears in any mount namespace the
/// agent learns of, and remembers which it cannot or does not cover, and why.
///
/// Marking may block on a dead mount, so it is never done by an answering thread. Thread-safe.
public final class Coverage {
  /// File systems that hold no programs: the kernel's own windows.
  private static final Set<String> PSEUDO =
      Set.of(
          "proc",
          "sysfs",
          "devpts",
          "cgroup",
          "cgroup2",
          "securityfs",
          "debugfs",
          "tracefs",
          "configfs",
          "pstore",
          "bpf",
          "mqueue",
          "hugetlbfs",
          "efivarfs",
          "fusectl",
          "binfmt_misc",
          "autofs",
          "rpc_pipefs",
          "nsfs",
          "selinuxfs",
          "pipefs",
          "sockfs");

  /// What is known of one file system.
  ///
  /// @param mountPoint where it was first seen
  /// @param type its type
  /// @param covered whether operations on it are judged
  /// @param detail which classes, or why not
  public record FileSystem(String mountPoint, String type, boolean covered, String detail) {}

  private final FanotifyKernel kernel;
  private final List<Path> only;
  private final List<Path> opens;
  private final boolean modulesToo;
  private final boolean overlayThroughLayers;
  private final Counters counters;
  private final Notices notices;
  private final Map<Long, FileSystem> known = new LinkedHashMap<>();

  /// Devices on which opens are seen only for the sake of modules.
  private final Set<Long> onlyForModules = ConcurrentHashMap.newKeySet();

  /// @param only the file systems to cover, by any path on each; empty for all local ones
  /// @param opens file systems, by any path on each, on which opens are judged too
  /// @param modulesToo whether opens are seen everywhere, for the sake of modules of the kernel
  /// @param overlayThroughLayers whether this kernel reports what happens on an overlay to the
  ///   marks of its layers; then overlays are not marked again
  public Coverage(
      FanotifyKernel kernel,
      List<Path> only,
      List<Path> opens,
      boolean modulesToo,
      boolean overlayThroughLayers,
      Counters counters,
      Notices notices) {
    this.kernel = kernel;
    this.only = List.copyOf(only);
    this.opens = List.copyOf(opens);
    this.modulesToo = modulesToo;
    this.overlayThroughLayers = overlayThroughLayers;
    this.counters = counters;
    this.notices = notices;
  }

  /// Marks what is to be covered now.
  ///
  /// @throws LinuxException if a file system that the owner named cannot be marked
  /// @throws IllegalArgumentException if a program serves one that the owner named
  public synchronized void markNamed() {
    only.forEach(Coverage::requireNotServed);
    for (Path path : only) {
      boolean withOpens = opensOn(path);
      mountEntryOf(path).ifPresent(mount -> noteOpens(mount.device(), withOpens));
      kernel.markFileSystem(path.toString(), withOpens || modulesToo);
      note(path.toString(), -known.size() - 1L, typeOf(path), true, detail(withOpens));
    }
  }

  /// To read an event is to open its file, which its file system's program may never let happen;
  /// and a reading thread that nobody can end would keep the hook closed for the whole host.
  private static void requireNotServed(Path path) {
    if (isServed(path) || isServed(realPath(path))) {
      throw new IllegalArgumentException(
          "a FUSE file system cannot be covered, since its program may never answer: path=" + path);
    }
  }

  private static boolean isServed(Path path) {
    return mountEntryOf(path).filter(MountEntry::isServed).isPresent();
  }

  private static Path realPath(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException _) {
      return path; // the kernel says why, when it is to be marked
    }
  }

  /// Whether the owner named the file systems to cover, so that no other is.
  public boolean isLimited() {
    return !only.isEmpty();
  }

  /// Marks every local file system of a mount table.
  ///
  /// One that has been marked is marked again, which changes nothing if it is the same: another one
  /// may have taken its device number, or have been uncovered by an unmount.
  ///
  /// @param mountinfo the table, such as `/proc/self/mountinfo`
  /// @param root how that table's root directory is reached, such as `/proc/17/root`; empty for
  ///   ours
  /// @throws LinuxException if the process of `root` ends meanwhile
  /// @throws java.io.UncheckedIOException if the table cannot be read, for the same reason
  public synchronized void markAll(String mountinfo, String root) {
    Set<Long> present = new HashSet<>();
    for (MountEntry mount : Mounts.read(mountinfo)) {
      if (present.add(mount.device())) {
        consider(mount, root);
      }
    }
    if (root.isEmpty()) {
      known.keySet().removeIf(device -> device >= 0 && !present.contains(device));
    }
  }

  private void consider(MountEntry mount, String root) {
    FileSystem before = known.get(mount.device());
    boolean first = before == null || !before.type().equals(mount.type());
    if (PSEUDO.contains(mount.type()) || (before != null && !first && !before.covered())) {
      return;
    }
    if (!LocalFileSystems.include(mount)) {
      notCovered(mount, "not a local file system: operations on it are not judged");
    } else if (mount.type().equals("overlay") && overlayThroughLayers) {
      note(mount.mountPoint(), mount.device(), mount.type(), true, "through its layers");
    } else {
      mark(mount, root, first);
    }
  }

  private void mark(MountEntry mount, String root, boolean first) {
    boolean withOpens = opensOn(Path.of(mount.mountPoint()));
    try {
      noteOpens(mount.device(), withOpens);
      kernel.markFileSystem(root + mount.mountPoint(), withOpens || modulesToo);
      if (first) {
        counters.add(Counter.FILESYSTEMS_MARKED);
        note(mount.mountPoint(), mount.device(), mount.type(), true, detail(withOpens));
      }
    } catch (LinuxException e) {
      if (!root.isEmpty() && !Files.exists(Path.of(root))) {
        throw e; // the process through which we looked has ended, which says nothing of the mount
      }
      counters.add(Counter.FILESYSTEMS_FAILED);
      notCovered(mount, "could not be marked: " + e.getMessage());
    }
  }

  private void noteOpens(long device, boolean judged) {
    if (judged) {
      onlyForModules.remove(device);
    } else if (modulesToo) {
      onlyForModules.add(device);
    }
  }

  /// Whether opens on a device are seen only for the sake of modules of the kernel.
  public boolean isOnlyForModules(long device) {
    return onlyForModules.contains(device);
  }

  private void notCovered(MountEntry mount, String why) {
    note(mount.mountPoint(), mount.device(), mount.type(), false, why);
    notices.report(PlatformNotice.Kind.COVERAGE, mount.mountPoint(), why);
  }

  private void note(String mountPoint, long device, String type, boolean covered, String detail) {
    known.put(device, new FileSystem(mountPoint, type, covered, detail));
  }

  /// What is known of every file system, in the order in which they were seen.
  public synchronized List<FileSystem> fileSystems() {
    return new ArrayList<>(known.values());
  }

  private boolean opensOn(Path mountPoint) {
    for (Path path : opens) {
      if (mountOf(path).equals(mountOf(mountPoint))) {
        return true;
      }
    }
    return false;
  }

  private String detail(boolean withOpens) {
    if (withOpens) {
      return "exec, open";
    }
    return modulesToo ? "exec, open of modules" : "exec";
  }

  private static String typeOf(Path path) {
    return mountEntryOf(path).map(MountEntry::type).orElse("unknown");
  }

  private static String mountOf(Path path) {
    return mountEntryOf(path).map(MountEntry::mountPoint).orElse("/");
  }

  private static Optional<MountEntry> mountEntryOf(Path path) {
    return Mounts.at("/proc/self/mountinfo", path.toAbsolutePath().normalize());
  }
}
