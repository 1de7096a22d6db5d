package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A systemd of its own as process 1 of a container that has this host's programs (`/usr`) and
/// otherwise starts from nothing, with the product where a package would have it enabled.
///
/// It is systemd's own container program that boots it. What is in the container sees no network
/// and no process of the host; the hooks are of the same kernel, so the agent in it covers a
/// scratch file system only.
final class SystemdContainer implements AutoCloseable {
  static final Path INSTALLATION = Path.of("/opt/redoubt");
  static final Path SCRATCH = Path.of("/mnt/scratch");

  private static final Path LISTS = Path.of("/mnt/lists");
  private static final Duration BOOT_LIMIT = Duration.ofSeconds(60);
  private static final Duration END_LIMIT = Duration.ofSeconds(20);
  private static final int LIFE_SECONDS = 180;
  private static final Path DISTRIBUTION =
      Distribution.frontDoor().resolveSibling("build").resolve("dist");

  private final Path folder;
  private final Process container;

  private SystemdContainer(Path folder, ScratchFileSystem scratch) throws Exception {
    this.folder = folder;
    Path units = installUnit(folder);
    Path lists = Files.createDirectory(folder.resolve("lists"));
    KnownBad.writeList(lists.resolve("known-bad.txt"));
    String java = Files.readString(DISTRIBUTION.resolve("aot/java-home")).strip();
    List<String> command =
        new ArrayList<>(
            List.of(
                "timeout",
                "-s",
                "KILL",
                Integer.toString(LIFE_SECONDS),
                "systemd-nspawn",
                "--quiet",
                "--directory=/",
                "--volatile=yes",
                "--boot",
                "--machine=redoubt-test-" + ProcessHandle.current().pid(),
                "--register=no",
                "--keep-unit",
                "--private-network",
                "--console=pipe",
                "--capability=all",
                "--system-call-filter=@known",
                "--bind-ro=" + DISTRIBUTION + ":" + INSTALLATION,
                "--bind-ro=" + units + ":/etc/systemd/system",
                "--bind-ro=" + lists + ":" + LISTS,
                "--bind=" + scratch.root() + ":" + SCRATCH));
    if (!java.startsWith("/usr/")) {
      command.add("--bind-ro=" + java);
    }
    container =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.to(log().toFile()))
            .start();
  }

  /// Boots it, with the unit enabled, and waits until the agent protects.
  static SystemdContainer boot(ScratchFileSystem scratch) throws Exception {
    Path folder = Folders.make("redoubt-systemd-");
    SystemdContainer booted = new SystemdContainer(folder, scratch);
    try {
      booted.awaitProtection();
      return booted;
    } catch (Exception | AssertionError e) {
      String log = booted.report();
      booted.close();
      throw new AssertionError("the agent does not protect: " + e.getMessage() + log, e);
    }
  }

  /// Puts the unit in place and enables it, as a package would, with one drop-in for this test.
  private static Path installUnit(Path folder) throws IOException {
    Path units = Files.createDirectories(folder.resolve("root/etc/systemd/system"));
    Files.copy(
        DISTRIBUTION.resolve("share/systemd/redoubt.service"), units.resolve("redoubt.service"));
    Path dropIn = Files.createDirectory(units.resolve("redoubt.service.d"));
    Files.writeString(
        dropIn.resolve("test.conf"),
        "[Service]\nExecStart=\nExecStart=%s/redoubt run --filesystem %s --content %s/known-bad.txt\n"
            .formatted(INSTALLATION, SCRATCH, LISTS));
    Outcome.of("systemctl", "--root=" + folder.resolve("root"), "enable", "redoubt.service")
        .requireSuccess();
    return units;
  }

  void awaitProtection() throws Exception {
    Await.until(
        "protection",
        BOOT_LIMIT,
        () ->
            firstPid().isPresent()
                && run("test", "-S", "/run/redoubt/control.sock").status() == 0
                && run(INSTALLATION.resolve("redoubt"), "status").status() == 0);
  }

  /// Runs a command in the container.
  Outcome run(Object... command) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "nsenter",
                "--target=" + firstPid().orElseThrow(),
                "--mount",
                "--pid",
                "--uts",
                "--ipc",
                "--net",
                "--"));
    words.addAll(List.of(command));
    return Outcome.of(Map.of(), words.toArray());
  }

  /// A property of the unit, as `systemctl show` prints it.
  String property(String name) {
    return run("systemctl", "show", "--property=" + name, "--value", "redoubt.service")
        .requireSuccess()
        .output()
        .strip();
  }

  /// The number of the agent's process in the container, as it is now; empty if there is none.
  String agentPid() {
    return run("cat", "/run/redoubt/agent.pid").output().strip();
  }

  private Optional<Long> firstPid() {
    return container
        .descendants()
        .filter(process ->
            process.info().command().filter(path -> path.endsWith("/systemd")).isPresent())
        .findFirst()
        .map(ProcessHandle::pid);
  }

  private Path log() {
    return folder.resolve("log");
  }

  /// What there is to say about a failure.
  private String report() {
    try {
      String journal =
          firstPid().isPresent() ? run("journalctl", "--no-pager", "--lines=40").output() : "";
      return "\n" + Files.readString(log()) + journal;
    } catch (IOException | AssertionError e) {
      return "\n" + e;
    }
  }

  /// Ends the container: its first process takes everybody along.
  @Override
  public void close() {
    List<ProcessHandle> family = new ArrayList<>(container.descendants().toList());
    family.add(container.toHandle());
    family.forEach(ProcessHandle::destroyForcibly);
    Processes.awaitEnd(family, END_LIMIT);
    Outcome.of("rm", "-rf", "--one-file-system", folder).requireSuccess();
  }
}
