package redoubt.agent.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redoubt.core.linux.BpfListing;

/// Another kernel below a temporary directory: the files of procfs, sysfs and of its modules that
/// the inventory reads, and a package database that says what a test wants.
final class KernelOnDisk {
  static final String RELEASE = "6.1.0-42-amd64";
  static final String PACKAGE = "linux-image-" + RELEASE;
  static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

  final Map<String, String> packages = new HashMap<>();
  String database = "dpkg";
  ProgramSource programs = ProgramSource.without(BpfListing.empty());

  private final Path root;

  KernelOnDisk(Path root) throws IOException {
    this.root = root;
    proc("sys/kernel/osrelease", RELEASE + "\n");
    proc("sys/kernel/tainted", "0\n");
    proc("sys/kernel/modules_disabled", "0\n");
    proc("sys/kernel/unprivileged_bpf_disabled", "2\n");
    proc("uptime", "3600.00 7000.00\n");
    sys("module/module/parameters/sig_enforce", "N\n");
    sys("kernel/security/lockdown", "[none] integrity confidentiality\n");
  }

  Path folder() {
    return root.resolve("modules").resolve(RELEASE);
  }

  void proc(String name, String text) throws IOException {
    write(root.resolve("proc").resolve(name), text);
  }

  void sys(String name, String text) throws IOException {
    write(root.resolve("sys").resolve(name), text);
  }

  /// Lists modules and the files that they came from, each of which is there. Those below `kernel/`
  /// are of the kernel's package.
  void modules(String table, String dependencies) throws IOException {
    proc("modules", table);
    write(folder().resolve("modules.dep"), dependencies);
    write(folder().resolve("modules.builtin"), Recordings.read(Recordings.BUILT_IN));
    for (String path : ModuleFiles.parseDependencies(dependencies).values()) {
      Path file = folder().resolve(path);
      if (file.startsWith(root)) {
        write(file, "ELF");
      }
      if (path.startsWith("kernel/")) {
        packages.put(file.toString(), PACKAGE);
      }
    }
    packages.put(root.resolve("boot/vmlinuz-" + RELEASE).toString(), PACKAGE);
  }

  /// Puts a signature at the end of a module's file.
  void sign(String path) throws IOException {
    write(folder().resolve(path), "ELFs\0\0\2\0\0\0\0\0\0\0\0\1~Module signature appended~\n");
  }

  KernelReport look() {
    KernelPlaces places =
        new KernelPlaces(
            root.resolve("proc"),
            root.resolve("sys"),
            List.of(root.resolve("modules")),
            root.resolve("boot"));
    return new KernelInventory(places, this::lookUp, () -> programs, uid -> uid == 0 ? "root" : "")
        .look(NOW);
  }

  private PackageLookup.Answer lookUp(Collection<String> paths) {
    Map<String, String> found = new HashMap<>(packages);
    found.keySet().retainAll(new ArrayList<>(paths));
    return new PackageLookup.Answer(database, found);
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }
}
