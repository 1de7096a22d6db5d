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

  /// Where a package puts it.
  static final Path PACKAGED = Path.of("/usr/lib/redoubt");

  /// Where there are packages.
  static final Path PACKAGES = Path.of("/mnt/packages");

  static final Path SCRATCH = Path.of("/mnt/scratch");

  private static final String ROOT = "copy";
  private static final String MEMORY = "memory";
  private static final Path LISTS = Path.of("/mnt/lists");
  private static final Duration BOOT_LIMIT = Duration.ofSeconds(60);
  private static final Duration END_LIMIT = Duration.ofSeconds(20);
  private static final int LIFE_SECONDS = 400;
  private static final Path DISTRIBUTION =
      Distribution.frontDoor().resolveSibling("build").resolve("dist");

  private final Path folder;
  private final Path installation;
  private final Process container;

  /// @param installation where the product is, or will be
  /// @param own what this container has that others have not
  /// @param first what its first process is told
  private SystemdContainer(
      Path folder,
      ScratchFileSystem scratch,
      Path installation,
      List<String> own,
      List<String> first)
      throws Exception {
    this.folder = folder;
    this.installation = installation;
    Path lists = Files.createDirectory(folder.resolve("lists"));
    KnownBad.writeList(lists.resolve("known-bad.txt"));
    List<String> command =
        new ArrayList<>(
            List.of(
                "timeout",
                "-s",
                "KILL",
                Integer.toString(LIFE_SECONDS),
                "systemd-nspawn",
                "--quiet",
                "--boot",
                "--machine=redoubt-test-" + ProcessHandle.current().pid(),
                "--register=no",
                "--keep-unit",
                "--private-network",
                "--console=pipe",
                "--capability=all",
                "--system-call-filter=@known",
                "--bind-ro=" + lists + ":" + LISTS,
                "--bind=" + scratch.root() + ":" + SCRATCH));
    command.addAll(own);
    command.addAll(first);
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
    Path units = installUnit(folder);
    List<String> own =
        new ArrayList<>(
            List.of(
                "--directory=/",
                "--volatile=yes",
                "--bind-ro=" + DISTRIBUTION + ":" + INSTALLATION,
                "--bind-ro=" + units + ":/etc/systemd/system"));
    String java = Files.readString(DISTRIBUTION.resolve("aot/java-home")).strip();
    if (!java.startsWith("/usr/")) {
      own.add("--bind-ro=" + java);
    }
    SystemdContainer booted = new SystemdContainer(folder, scratch, INSTALLATION, own, List.of());
    return booted.whenItIs(booted::awaitProtection);
  }

  /// Boots a copy of this host, which can be changed, without the product.
  ///
  /// @param packages what it has in [#PACKAGES]
  static SystemdContainer bare(ScratchFileSystem scratch, Path packages) throws Exception {
    Path folder = Folders.make("redoubt-systemd-");
    Path dropIn = Files.createDirectory(folder.resolve("redoubt.service.d"));
    writeDropIn(dropIn, PACKAGED);
    SystemdContainer booted =
        new SystemdContainer(
            folder,
            scratch,
            PACKAGED,
            List.of(
                "--directory=" + copyOfThisHost(folder),
                "--bind-ro=" + packages + ":" + PACKAGES,
                "--bind-ro=" + dropIn + ":/etc/systemd/system/redoubt.service.d"),
            List.of("--", "--unit=basic.target"));
    return booted.whenItIs(() -> Await.until("systemd", BOOT_LIMIT, booted::isUp));
  }

  /// This host's root, of which changes go into memory.
  private static Path copyOfThisHost(Path folder) throws IOException {
    Path memory = Files.createDirectory(folder.resolve(MEMORY));
    Outcome.of("mount", "-t", "tmpfs", "redoubt-test", memory).requireSuccess();
    Path changed = Files.createDirectory(memory.resolve("changed"));
    Path work = Files.createDirectory(memory.resolve("work"));
    Path root = Files.createDirectory(folder.resolve(ROOT));
    String layers = "lowerdir=/,upperdir=" + changed + ",workdir=" + work;
    Outcome.of("mount", "-t", "overlay", "redoubt-test", "-o", layers, root).requireSuccess();
    // A machine that builds may let no package start anything.
    Files.deleteIfExists(root.resolve("usr/sbin/policy-rc.d"));
    return root;
  }

  private boolean isUp() {
    return firstPid().isPresent() && run("systemctl", "is-active", "basic.target").status() == 0;
  }

  /// What it waits for.
  @FunctionalInterface
  private interface Readiness {
    void await() throws Exception;
  }

  private SystemdContainer whenItIs(Readiness ready) throws Exception {
    try {
      ready.await();
      return this;
    } catch (Exception | AssertionError e) {
      String log = report();
      close();
      throw new AssertionError("it does not get ready: " + e.getMessage() + log, e);
    }
  }

  /// Puts the unit in place and enables it, as a package would, with one drop-in for this test.
  private static Path installUnit(Path folder) throws IOException {
    Path units = Files.createDirectories(folder.resolve("root/etc/systemd/system"));
    Files.copy(
        DISTRIBUTION.resolve("share/systemd/redoubt.service"), units.resolve("redoubt.service"));
    writeDropIn(Files.createDirectory(units.resolve("redoubt.service.d")), INSTALLATION);
    Outcome.of("systemctl", "--root=" + folder.resolve("root"), "enable", "redoubt.service")
        .requireSuccess();
    return units;
  }

  private static void writeDropIn(Path folder, Path installation) throws IOException {
    Files.writeString(
        folder.resolve("test.conf"),
        "[Service]\nExecStart=\nExecStart=%s/redoubt run --filesystem %s --content %s/known-bad.txt\n"
            .formatted(installation, SCRATCH, LISTS));
  }

  void awaitProtection() throws Exception {
    Await.until(
        "protection",
        BOOT_LIMIT,
        () ->
            firstPid().isPresent()
                && run("test", "-S", "/run/redoubt/control.sock").status() == 0
                && protects());
  }

  /// Whether an agent in it says that it protects.
  boolean protects() {
    return run(installation.resolve("redoubt"), "status").status() == 0;
  }

  /// How many hooks its processes have in the kernel.
  long hooks() {
    Outcome found = run("sh", "-c", "cat /proc/[0-9]*/fdinfo/* 2>/dev/null | grep -c '^fanotify '");
    return Long.parseLong(found.output().strip());
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

  /// The number of its first process on this host.
  long first() {
    return firstPid().orElseThrow();
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
    for (String mounted : List.of(ROOT, MEMORY)) {
      if (Files.exists(folder.resolve(mounted))) {
        Outcome.of("umount", "--lazy", folder.resolve(mounted));
      }
    }
    Outcome.of("rm", "-rf", "--one-file-system", folder).requireSuccess();
  }
}
