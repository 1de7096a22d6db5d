package redoubt.testing.drills;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.LifeFolders;
import redoubt.core.model.EngineId;

/// A real agent with real engines for drills, beside whatever else runs on this machine: it covers
/// a file system of its own, in memory, and keeps everything in a folder of its own.
///
/// Whoever is interrupted ends it too, and whatever becomes of this process, `timeout` does. For
/// one thread.
final class DrillHost implements AutoCloseable {
  static final EngineId ENGINE = new EngineId("drill");

  private static final int TRIAL_SECONDS = 4;
  private static final int PROBATION_SECONDS = 10;
  private static final Duration LIFE = Duration.ofMinutes(30);
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration COMMAND = Duration.ofMinutes(5);
  private static final Duration END = Duration.ofSeconds(20);
  private static final long LOOK_MILLIS = 20;
  private static final Set<String> FOLDERS = Set.of("state", "run", "config");

  private final Path frontDoor;
  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>();
  private final Thread atExit = new Thread(this::end, "drill-end");
  private final Process process;

  /// What a command said.
  ///
  /// @param status its exit status
  record Said(int status, String text) {}

  private DrillHost(Path frontDoor, Path folder, Set<Stage> without) throws IOException {
    this.frontDoor = frontDoor;
    this.folder = folder;
    for (String name : FOLDERS) {
      Path made = Files.createDirectory(folder.resolve(name));
      environment.put("REDOUBT_" + name.toUpperCase(Locale.ROOT) + "_DIR", made.toString());
    }
    List<String> command = new ArrayList<>(List.of("timeout", "-s", "KILL"));
    command.add(Long.toString(LIFE.toSeconds()));
    command.addAll(List.of(frontDoor.toString(), "run", "--filesystem", scratch().toString()));
    command.addAll(List.of("--content-trial-seconds", Integer.toString(TRIAL_SECONDS)));
    command.addAll(List.of("--content-probation-seconds", Integer.toString(PROBATION_SECONDS)));
    for (Stage stage : without) {
      command.addAll(List.of("--content-skip", stage.toString()));
    }
    process = start(command, folder.resolve("agent.log"));
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /// Starts one and waits until it protects.
  ///
  /// @param frontDoor the `redoubt` of this installation
  /// @param without stages that are left out
  /// @throws IOException if it does not
  static DrillHost start(Path frontDoor, Set<Stage> without) throws IOException {
    Path folder =
        Files.createTempDirectory(
            "redoubt-drill-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Path scratch = Files.createDirectory(folder.resolve("scratch"));
    require(run(Map.of(), List.of("mount", "-t", "tmpfs", "redoubt-drill", scratch.toString())));
    DrillHost host = new DrillHost(frontDoor, folder, without);
    try {
      host.await("the agent", START, () -> host.command("status").status() == 0);
      return host;
    } catch (IOException e) {
      host.close();
      throw e;
    }
  }

  private Process start(List<String> command, Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /// Where the programs of the drills lie.
  Path scratch() {
    return folder.resolve("scratch");
  }

  /// For whatever else a drill needs.
  Path folder() {
    return folder;
  }

  /// Puts a program there that does nothing, like no other.
  Path program(String name) throws IOException {
    Path program = scratch().resolve(name);
    Files.createDirectories(program.getParent());
    Files.writeString(program, "#!/bin/sh\n# " + name + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return program;
  }

  /// What this host knows of the engine's content.
  Life life() throws IOException {
    return new LifeFolders(folder.resolve("state")).of(ENGINE).read().life();
  }

  /// Runs `redoubt` with these words against this agent.
  Said command(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(frontDoor.toString()));
    command.addAll(List.of(words));
    return run(environment, command);
  }

  /// Kills the agent, as a crash would, and waits until the next one answers.
  void killAgent() throws IOException {
    Path pidFile = folder.resolve("run").resolve("agent.pid");
    String before = Files.readString(pidFile).strip();
    run(Map.of(), List.of("kill", "-KILL", before));
    await(
        "another agent",
        START,
        () -> !read(pidFile).equals(before) && command("status").status() != 3);
  }

  private static String read(Path file) throws IOException {
    return Files.isReadable(file) ? Files.readString(file).strip() : "";
  }

  /// Something that may not hold yet.
  interface Condition {
    boolean holds() throws IOException;
  }

  /// Waits until something holds.
  ///
  /// @throws IOException if it does not in time
  void await(String what, Duration limit, Condition condition) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - end > 0) {
        throw new IOException("did not come in time: " + what + "\n" + log());
      }
      pause(LOOK_MILLIS);
    }
  }

  static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private String log() throws IOException {
    return read(folder.resolve("agent.log"));
  }

  static void require(Said said) throws IOException {
    if (said.status() != 0) {
      throw new IOException(said.text());
    }
  }

  private static Said run(Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(ended(process, COMMAND), text);
  }

  private static int ended(Process process, Duration limit) throws IOException {
    try {
      if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("does not end: pid=" + process.pid());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return process.exitValue();
  }

  /// Ends the agent whatever state it is in, and removes everything of it.
  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      return; // It is being ended.
    }
    remove();
  }

  private void end() {
    try {
      remove();
    } catch (IOException _) {
      // Nobody is there any more to be told.
    }
  }

  private void remove() throws IOException {
    command("stop");
    if (process.isAlive()) {
      try {
        ended(process, END);
      } catch (IOException _) {
        List<ProcessHandle> family = process.descendants().collect(Collectors.toList());
        process.destroyForcibly();
        family.forEach(ProcessHandle::destroyForcibly);
      }
    }
    run(Map.of(), List.of("umount", "--lazy", scratch().toString()));
    run(Map.of(), List.of("rm", "-rf", "--one-file-system", folder.toString()));
  }
}
