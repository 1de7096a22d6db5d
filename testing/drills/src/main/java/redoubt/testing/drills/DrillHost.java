package redoubt.testing.drills;

import java.io.IOException;
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

  private static final Duration LIFE = Duration.ofMinutes(30);
  private static final Duration START = Duration.ofSeconds(60);
  private static final String VITAL = "vital/init";
  private static final Set<String> FOLDERS = Set.of("state", "run", "config");

  private final Path frontDoor;
  private final Path folder;
  private final Path scratch;
  private final Map<String, String> environment = new TreeMap<>();
  private final Thread atExit = new Thread(this::end, "drill-end");
  private final Process process;

  /// How an agent is started.
  ///
  /// @param entry the words before the command that start it elsewhere, such as in a network of its
  ///   own
  /// @param trialSeconds how long content is tried
  /// @param probationSeconds how long it is watched
  /// @param without stages that are left out
  record Setup(List<String> entry, int trialSeconds, int probationSeconds, Set<Stage> without) {
    /// That of drills.
    static Setup ofDrills(Set<Stage> without) {
      return new Setup(List.of(), 4, 10, without);
    }
  }

  private DrillHost(Path frontDoor, Path folder, Path scratch, Setup setup) throws IOException {
    this.frontDoor = frontDoor;
    this.folder = folder;
    this.scratch = scratch;
    for (String name : FOLDERS) {
      Path made = Files.createDirectory(folder.resolve(name));
      environment.put("REDOUBT_" + name.toUpperCase(Locale.ROOT) + "_DIR", made.toString());
    }
    List<String> command = new ArrayList<>(List.of("timeout", "-s", "KILL"));
    command.add(Long.toString(LIFE.toSeconds()));
    command.addAll(setup.entry());
    command.addAll(List.of(frontDoor.toString(), "run", "--filesystem", scratch().toString()));
    command.addAll(List.of("--protect", vital().toString()));
    command.addAll(List.of("--content-trial-seconds", Integer.toString(setup.trialSeconds())));
    command.addAll(
        List.of("--content-probation-seconds", Integer.toString(setup.probationSeconds())));
    for (Stage stage : setup.without()) {
      command.addAll(List.of("--content-skip", stage.toString()));
    }
    process = Commands.start(environment, command, folder.resolve("agent.log"));
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /// Starts one and waits until it protects.
  ///
  /// @param frontDoor the `redoubt` of this installation
  /// @throws IOException if it does not
  static DrillHost start(Path frontDoor, Setup setup) throws IOException {
    Path folder =
        Files.createTempDirectory(
            "redoubt-drill-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    // Where nobody but root could put a file in the place of another.
    Path scratch = Files.createTempDirectory(Path.of("/run"), "redoubt-drill-");
    Commands.run("mount", "-t", "tmpfs", "-o", "mode=755", "redoubt-drill", scratch.toString())
        .required();
    write(scratch.resolve(VITAL));
    DrillHost host = new DrillHost(frontDoor, folder, scratch, setup);
    try {
      host.await("the agent", START, () -> host.command("status").status() == 0);
      return host;
    } catch (IOException e) {
      host.close();
      throw e;
    }
  }

  /// Where the programs of the drills lie.
  Path scratch() {
    return scratch;
  }

  /// The program there that this host cannot do without.
  Path vital() {
    return scratch.resolve(VITAL);
  }

  /// For whatever else a drill needs.
  Path folder() {
    return folder;
  }

  /// Puts a program there that does nothing, like no other.
  Path program(String name) throws IOException {
    return write(scratch.resolve(name));
  }

  private static Path write(Path program) throws IOException {
    Files.createDirectories(program.getParent());
    Files.writeString(program, "#!/bin/sh\n# " + program + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return program;
  }

  /// What this host knows of the engine's content.
  Life life() throws IOException {
    return new LifeFolders(folder.resolve("state")).of(ENGINE).read().life();
  }

  /// Runs `redoubt` with these words against this agent.
  Commands.Said command(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(frontDoor.toString()));
    command.addAll(List.of(words));
    return Commands.run(environment, command);
  }

  /// Kills the agent, as a crash would, and waits until the next one answers.
  void killAgent() throws IOException {
    Path pidFile = folder.resolve("run").resolve("agent.pid");
    String before = Files.readString(pidFile).strip();
    Commands.run("kill", "-KILL", before);
    await(
        "another agent",
        START,
        () -> !read(pidFile).equals(before) && command("status").status() != 3);
  }

  private static String read(Path file) throws IOException {
    return Files.isReadable(file) ? Files.readString(file).strip() : "";
  }

  /// Waits until something holds.
  ///
  /// @throws IOException if it does not in time
  void await(String what, Duration limit, Commands.Condition condition) throws IOException {
    Commands.await(what, limit, condition, this::log);
  }

  /// What the agent has printed.
  String log() {
    try {
      return read(folder.resolve("agent.log"));
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
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
    Commands.end(process);
    Commands.run("umount", "--lazy", scratch.toString());
    Commands.run("rmdir", scratch.toString());
    Commands.run("rm", "-rf", "--one-file-system", folder.toString());
  }
}
