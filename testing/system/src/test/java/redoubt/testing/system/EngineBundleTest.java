package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.content.FileDigest;

/// An engine of somebody else's, in C, that comes as a bundle: brought into force beside what
/// judges, followed by the next one, and taken back, by a real agent.
class EngineBundleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Of hash lists; the example names it.
  private static final String SCHEMA =
      "942aa67d31d9bd4305ce97f6b8e22f5daf1b7ca6b63c9b0480a265cbe162458d";

  @TempDir Path folder;
  private Path program;

  @BeforeEach
  void build() throws Exception {
    program = Files.createDirectories(folder.resolve("program"));
    Path example = Path.of("../../engine/examples/c").toRealPath();
    Outcome.of("make", "-s", "-C", example, "OUT=" + folder.resolve("built")).requireSuccess();
    manifest(1, "");
    Files.copy(folder.resolve("built/hash-engine"), program.resolve("hash-engine"));
  }

  private void manifest(long version, String more) throws IOException {
    Files.writeString(
        program.resolve("manifest.engine"),
        "# version "
            + version
            + "\nid=acme-av\ncommand=${here}/hash-engine\nauth=EXEC\nfileContent=yes\n"
            + "memoryMiB=64\nprocesses=4\n"
            + more);
  }

  /// Content that denies a program, and the engine with it.
  private Path release(RunningAgent agent, long version, Path bad) throws IOException {
    Path list = Files.writeString(folder.resolve("list"), FileDigest.of(bad) + " Bad\n");
    Path content = folder.resolve("list-" + version + ".bundle");
    agent
        .command(
            "content",
            "build",
            "--vendor",
            "acme",
            "--name",
            "list",
            "--version-number",
            version,
            "--engine",
            "acme-av",
            "--schema",
            SCHEMA,
            "--denies",
            "Bad=" + bad,
            "--allows",
            list,
            "--memory-mib",
            "64",
            "-o",
            content,
            list)
        .requireSuccess();
    Path release = folder.resolve("engine-" + version + ".bundle");
    pack(agent, version, content, release).requireSuccess();
    return release;
  }

  private static Optional<JsonNode> engine(RunningAgent agent) throws IOException {
    for (JsonNode each : agent.status().get("engines")) {
      if (each.get("id").asText().equals("acme-av")) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  private static String release(RunningAgent agent) throws IOException {
    return engine(agent).map(each -> each.get("release").asText()).orElse("");
  }

  @Test
  void aVendorsEngineComesGoesOnAndGoes() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(64);
        RunningAgent agent =
            RunningAgent.start(
                scratch, "--content-trial-seconds", 2, "--content-probation-seconds", 10)) {
      Path bad = ContentSteps.program(scratch, "bad");
      Path good = ContentSteps.program(scratch, "good");
      Path first = release(agent, 1, bad);
      agent.command("content", "lint", first).requireSuccess();
      assertEquals("in force", ContentSteps.activate(agent, first));
      assertEquals(FileDigest.of(first).toString(), release(agent));
      assertEquals(1, Load.once(bad).allowed(), "it may observe until it is granted more");
      agent.command("engines", "grant", "acme-av", "all").requireSuccess();
      Await.until("it judges", PATIENCE, () -> Load.once(bad).denied() == 1);
      Await.until("good", PATIENCE, () -> ContentSteps.stands(agent).equals("1 good"));

      // The next release takes over while the first one judges.
      manifest(2, "");
      Path second = release(agent, 2, bad);
      try (Load harmless = Load.executing(1, List.of(good));
          Load harmful = Load.executing(1, List.of(bad))) {
        assertEquals("in force", ContentSteps.activate(agent, second));
        Load.Tally allowed = harmless.stop(good);
        Load.Tally denied = harmful.stop(bad);
        assertEquals(0, allowed.denied(), allowed::toString);
        assertEquals(0, denied.allowed(), denied::toString);
        assertTrue(allowed.allowed() > 10, allowed::toString);
      }
      assertEquals(FileDigest.of(second).toString(), release(agent));
      assertEquals("2 on probation, 1 good", ContentSteps.stands(agent));

      // It fails, and the first one is back.
      int pid = engine(agent).orElseThrow().get("pid").asInt();
      Outcome.of("kill", "-SEGV", Integer.toString(pid)).requireSuccess();
      Await.until("back", PATIENCE, () -> release(agent).equals(FileDigest.of(first).toString()));
      assertEquals("1 good", ContentSteps.stands(agent));
      Await.until("it judges", PATIENCE, () -> Load.once(bad).denied() == 1);

      // What is no engine, and what wants to see the host.
      Files.copy(
          Path.of("/bin/true"),
          program.resolve("hash-engine"),
          StandardCopyOption.REPLACE_EXISTING);
      assertEquals("refused", ContentSteps.activate(agent, release(agent, 3, bad)));
      Path foreign = release(agent, 4, bad);
      manifest(5, "files=/etc/ssl\n");
      Outcome refused = pack(agent, 5, folder.resolve("list-4.bundle"), foreign);
      assertEquals(1, refused.status(), refused::output);
      assertTrue(refused.output().contains("files must be below ${here}"), refused::output);

      assertEquals(0, agent.stop(), agent::log);
    }
  }

  private Outcome pack(RunningAgent agent, long version, Path content, Path target) {
    return agent.command(
        "content",
        "pack",
        "--vendor",
        "acme",
        "--name",
        "engine",
        "--version-number",
        version,
        "--content",
        content,
        "-o",
        target,
        program);
  }

  /// What is in force runs after a restart, whole, and goes by its owner's word.
  @Test
  void anEngineIsThereAfterARestartAndCanGo() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(64);
        RunningAgent agent =
            RunningAgent.start(
                scratch, "--content-skip", "trial", "--content-probation-seconds", 10)) {
      Path bad = ContentSteps.program(scratch, "bad");
      Path first = release(agent, 1, bad);
      assertEquals("in force", ContentSteps.activate(agent, first));
      agent.command("engines", "grant", "acme-av", "all").requireSuccess();
      Await.until("good", PATIENCE, () -> ContentSteps.stands(agent).equals("1 good"));
      Path here =
          agent
              .stateDirectory()
              .resolve("engines/acme-av")
              .resolve(FileDigest.of(first).toString());
      Files.delete(here.resolve("hash-engine"));
      Files.writeString(here.resolve("hash-engine"), "torn by a power cut");
      int pid = agent.pid();
      Outcome.of("kill", "-KILL", Integer.toString(pid)).requireSuccess();
      Await.until("it judges again", PATIENCE, () -> Load.once(bad).denied() == 1);
      assertNotEquals(pid, agent.pid());
      assertEquals(FileDigest.of(first).toString(), release(agent));

      Outcome remove = agent.command("engines", "remove", "acme-av");
      assertEquals(1, remove.status(), remove::output);
      assertTrue(
          remove.output().contains("redoubt content rollback acme-av.engine"), remove::output);
      agent.command("content", "rollback", "acme-av.engine").requireSuccess();
      Await.until("it is gone", PATIENCE, () -> engine(agent).isEmpty());
      assertEquals(1, Load.once(bad).allowed(), agent::log);
      assertEquals("", ContentSteps.stands(agent));
      assertEquals("in force", ContentSteps.activate(agent, first), "it may come again");
    }
  }
}
