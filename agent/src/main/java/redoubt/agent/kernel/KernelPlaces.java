package redoubt.agent.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import redoubt.core.linux.KernelFile;

/// Where a kernel shows itself, and where the files lie from which it came.
///
/// @param proc the mount of procfs
/// @param sys the mount of sysfs
/// @param modules folders that have one folder for each release, in the order in which they count
/// @param boot the folder of kernel images
record KernelPlaces(Path proc, Path sys, List<Path> modules, Path boot) {
  private static final String RELEASE = "[A-Za-z0-9][A-Za-z0-9._+~-]{0,63}";

  KernelPlaces {
    modules = List.copyOf(modules);
  }

  static KernelPlaces ofHost() {
    return new KernelPlaces(
        Path.of("/proc"),
        Path.of("/sys"),
        List.of(Path.of("/lib/modules"), Path.of("/usr/lib/modules")),
        Path.of("/boot"));
  }

  /// The release of the running kernel, empty if it cannot be had. It becomes a part of paths.
  String release() {
    return findProc("sys/kernel/osrelease")
        .map(String::strip)
        .filter(text -> text.matches(RELEASE))
        .orElse("");
  }

  /// The text of a file of procfs, empty if the kernel has none or does not let us read it.
  Optional<String> findProc(String name) {
    return find(proc + "/" + name);
  }

  /// The text of a file of sysfs, as [#findProc].
  Optional<String> findSys(String name) {
    return find(sys + "/" + name);
  }

  private static Optional<String> find(String path) {
    try {
      return Optional.of(KernelFile.read(path));
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
