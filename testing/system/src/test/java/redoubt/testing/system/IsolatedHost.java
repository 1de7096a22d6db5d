package redoubt.testing.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import redoubt.agent.journal.JournalLine;
import redoubt.agent.journal.JournalReader;

/// A little host in namespaces of its own, in which nothing but scratch file systems is mounted:
/// the one place where an agent may be told to cover everything.
///
/// Its processes have their own numbers, so that the agent in it can look at no other namespace of
/// the real host, whatever happens on the scratch file system.
final class IsolatedHost implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final int LIFE_SECONDS = 120;
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path DISTRIBUTION =
      Distribution.frontDoor().resolveSibling("build").resolve("dist");
  private static final Path REDOUBT = DISTRIBUTION.resolve("redoubt");

  private final ScratchFileSystem scratch;
  private final Process namespaces;
  private final long firstPid;
  private final Process agent;

  private IsolatedHost(ScratchFileSystem scratch) throws Exception {
    this.scratch = scratch;
    namespaces = isolate(scratch.root());
    firstPid = namespaces.children().findFirst().orElseThrow().pid();
    agent =
        new ProcessBuilder(
                "timeout",
                "-s",
                "KILL",
                Integer.toString(LIFE_SECONDS),
                "nsenter",
                "--mount",
                "--pid",
                "--target=" + firstPid,
                REDOUBT.toString(),
                "run",
                "--content",
                "/known-bad.txt")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log().toFile()))
            .start();
  }

  /// Makes it and starts an agent in it that covers all local file systems.
  static IsolatedHost start() throws Exception {
    ScratchFileSystem scratch = ScratchFileSystem.ext4(768);
    fill(new MiniatureRoot(scratch.root()));
    IsolatedHost host = new IsolatedHost(scratch);
    try {
      Await.until("protection", START_LIMIT, () -> host.protects());
      return host;
    } catch (Exception | AssertionError e) {
      String log = Files.readString(host.log()) + host.notices();
      host.close();
      throw new AssertionError("the agent does not protect: " + log, e);
    }
  }

  private static void fill(MiniatureRoot root) throws IOException {
    Path java = Path.of(Files.readString(DISTRIBUTION.resolve("aot/java-home")).strip());
    root.addPrograms(
        "/bin/sh",
        "bwrap",
        "cat",
        "chmod",
        "cp",
        "env",
        "id",
        "mkdir",
        "mkfifo",
        "mount",
        "nice",
        "prlimit",
        "renice",
        "rm",
        "setpriv",
        "setsid",
        "sleep",
        "/bin/true",
        "umount",
        "unshare",
        "wc",
        java.resolve("bin/java").toString(),
        java.resolve("lib/server/libjvm.so").toString(),
        java.resolve("lib/libsyslookup.so").toString());
    for (String part : new String[] {"conf", "lib", "release"}) {
      root.addTree(java.resolve(part));
    }
    root.addTree(DISTRIBUTION);
    root.addOpenFolder("/tmp");
    root.addDevice("/dev/null", 1, 3);
    root.addDevice("/dev/zero", 1, 5);
    root.addDevice("/dev/full", 1, 7);
    root.addDevice("/dev/tty", 5, 0);
    root.addDevice("/dev/fuse", 10, 229);
    root.addDevice("/dev/random", 1, 8);
    root.addDevice("/dev/urandom", 1, 9);
    Path specimens = root.inside(Path.of("/specimens"));
    Files.createDirectory(specimens);
    Folders.open(Files.write(specimens.resolve("bad"), Specimen.PROGRAM.bad()));
    Folders.open(Files.write(specimens.resolve("good"), Specimen.PROGRAM.good()));
    Path programs = Files.createDirectory(root.inside(Path.of("/programs")));
    for (String program : List.of("automounter", "fuseserver")) {
      Folders.open(Files.write(programs.resolve(program), Programs.bytes(program)));
    }
    KnownBad.writeList(root.inside(Path.of("/known-bad.txt")));
  }

  private static Process isolate(Path root) throws IOException {
    String script;
    try (InputStream text = IsolatedHost.class.getResourceAsStream("isolate.sh")) {
      script = new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
    }
    Process process =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--propagation=private",
                "sh",
                "-c",
                script,
                "sh",
                root.toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader output = process.inputReader();
    String first = String.valueOf(output.readLine());
    if (!first.equals("ready")) {
      process.destroyForcibly();
      throw new AssertionError("not isolated: " + first);
    }
    return process;
  }

  private Path log() {
    return scratch.root().resolve("agent.log");
  }

  private boolean protects() throws IOException {
    return Files.readString(log()).contains("redoubt: protecting")
        && status().path("state").asText().equals("enforcing");
  }

  /// What the agent inside has noticed, for failures.
  private String notices() throws IOException {
    StringBuilder notices = new StringBuilder();
    new JournalReader(scratch.root().resolve("var/lib/redoubt/journal"))
        .newestFirst(line -> {
          if (line.kind() == JournalLine.Kind.NOTICE) {
            notices.append('\n').append(line.code()).append(' ').append(line.message());
          }
          return true;
        });
    return notices.toString();
  }

  /// Runs a command inside.
  Outcome run(Object... command) {
    Object[] entered = new Object[command.length + 4];
    System.arraycopy(
        new Object[] {"nsenter", "--mount", "--pid", "--target=" + firstPid}, 0, entered, 0, 4);
    System.arraycopy(command, 0, entered, 4, command.length);
    return Outcome.of(entered);
  }

  /// Starts a command inside.
  Process start(String... command) throws IOException {
    List<String> words =
        new ArrayList<>(List.of("nsenter", "--mount", "--pid", "--target=" + firstPid));
    words.addAll(List.of(command));
    return new ProcessBuilder(words).redirectErrorStream(true).start();
  }

  /// What the agent inside says of itself.
  JsonNode status() throws IOException {
    return JSON.readTree(run(REDOUBT, "status", "--json").requireSuccess().output());
  }

  /// Ends everything inside.
  @Override
  public void close() throws IOException {
    namespaces.descendants().forEach(ProcessHandle::destroyForcibly);
    namespaces.destroyForcibly();
    namespaces.onExit().join();
    agent.destroyForcibly();
    agent.onExit().join();
    scratch.close();
  }
}
