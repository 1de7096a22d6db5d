package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A control group that stands still. The version 2 hierarchy is mounted for the occasion: every
/// kernel has it, whichever version the host uses.
final class FreezerGroup implements AutoCloseable {
  private final Path hierarchy = Files.createTempDirectory("redoubt-cgroup2-");
  private final Path group;

  FreezerGroup() throws IOException {
    Outcome.of("mount", "-t", "cgroup2", "none", hierarchy).requireSuccess();
    group =
        Files.createDirectory(hierarchy.resolve("redoubt-test-" + ProcessHandle.current().pid()));
  }

  /// Puts a process in and lets it do nothing from now on; it can still be killed.
  void freeze(long pid) throws IOException {
    Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
    Files.writeString(group.resolve("cgroup.freeze"), "1");
  }

  @Override
  public void close() throws IOException {
    Files.writeString(group.resolve("cgroup.freeze"), "0");
    for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
      Files.writeString(hierarchy.resolve("cgroup.procs"), pid);
    }
    Files.delete(group);
    Outcome.of("umount", hierarchy).requireSuccess();
    Files.delete(hierarchy);
  }
}
