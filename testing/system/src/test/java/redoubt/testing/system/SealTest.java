package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;

/// A sealed installation: what its owner vouched for stays as it is, what does not is not started
/// and is reported, and the host goes on whatever is found.
class SealTest {
  private static final int PERMISSION = 4;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private ScratchFileSystem scratch;
  private Path folder;
  private Path home;
  private Path manifest;
  private Path bad;
  private Path good;

  /// A copy: sealed, the tree's own could not be built anew.
  @BeforeEach
  void install() throws Exception {
    scratch = ScratchFileSystem.ext4(32);
    bad = scratch.program("bad", Specimen.PROGRAM.bad());
    good = scratch.program("good", Specimen.PROGRAM.good());
    folder = Folders.makeRootOnly("redoubt-seal-");
    home = folder.resolve("home");
    Path built = Distribution.frontDoor().resolveSibling("build/dist");
    Outcome.of("cp", "-Rp", built, home).requireSuccess();
    manifest = home.resolve("engines/scanner.engine");
  }

  @AfterEach
  void remove() throws IOException {
    Outcome.of("chattr", "-R", "-f", "-i", folder);
    Outcome.of("rm", "-rf", "--one-file-system", folder).requireSuccess();
    scratch.close();
  }

  @Test
  void whatIsSealedNobodyChangesAndTheOwnerIsAsked() throws Exception {
    Path passphrase = Files.writeString(folder.resolve("passphrase"), "correct horse\n");
    try (RunningAgent agent = start()) {
      agent.command("seal", "set", "--ask", "--new-passphrase-file", passphrase).requireSuccess();
      assertEquals("whole", sealState(agent));
      assertThrows(IOException.class, () -> change(manifest));
      assertThrows(IOException.class, () -> Files.delete(home.resolve("redoubt")));
      agent.command("seal", "check").requireSuccess();

      Path wrong = Files.writeString(folder.resolve("wrong"), "incorrect horse\n");
      assertEquals(PERMISSION, agent.command("stop").status());
      assertEquals(PERMISSION, agent.command("stop", "--passphrase-file", wrong).status());
      assertEquals(PERMISSION, agent.command("seal", "remove").status());
      assertEquals(
          PERMISSION, agent.command("seal", "remove", "--passphrase-file", wrong).status());
      awaitTampered(agent, "wrong passphrase");
      assertTrue(agent.isAlive());
      assertTrue(Outcome.of(bad).denied());

      Await.until(
          "stopped by its owner",
          LIMIT,
          () -> agent.command("stop", "--passphrase-file", passphrase).status() == 0);
      assertEquals(0, agent.awaitEnd());
      agent.command("seal", "remove", "--passphrase-file", passphrase).requireSuccess();
      change(manifest);
    }
  }

  @Test
  void anEngineThatWasChangedIsNotStartedAndTheHostGoesOn() throws Exception {
    try (RunningAgent agent = start()) {
      agent.command("seal", "set").requireSuccess();
      Outcome.of("chattr", "-i", manifest).requireSuccess();
      change(manifest);
      Outcome.of("kill", "-KILL", agent.pid()).requireSuccess();

      awaitTampered(agent, manifest.toString());
      Await.until("up again", LIMIT, () -> agent.command("status").status() == 0);
      assertEquals("degraded", agent.state());
      assertEquals(0, agent.status().path("engines").size());
      assertEquals("broken", sealState(agent));
      assertEquals(1, agent.command("seal", "check").status());
      assertTrue(Outcome.of(good).ran());
      assertTrue(Outcome.of(bad).ran(), "nobody judges");

      agent.command("seal", "set").requireSuccess();
      assertEquals("whole", sealState(agent));
      Await.until("judged again", LIMIT, () -> Outcome.of(bad).denied());
    }
  }

  @Test
  void aSealThatIsTakenAwayIsMissedAndStillAsks() throws Exception {
    Path passphrase = Files.writeString(folder.resolve("passphrase"), "correct horse\n");
    try (RunningAgent agent = start()) {
      agent.command("seal", "set", "--ask", "--new-passphrase-file", passphrase).requireSuccess();
      Outcome.of("rm", "-r", agent.stateDirectory().resolve("seal")).requireSuccess();

      awaitTampered(agent, "without the agent being told");
      assertEquals("broken", sealState(agent));
      assertEquals(PERMISSION, agent.command("stop").status());
      assertEquals(PERMISSION, agent.command("seal", "remove").status());
      assertEquals(PERMISSION, agent.command("seal", "set").status());
      agent.command("stop", "--passphrase-file", passphrase).requireSuccess();
      assertEquals(0, agent.awaitEnd());
    }
  }

  private RunningAgent start() throws Exception {
    return RunningAgent.startWith(Map.of("REDOUBT_HOME", home.toString()), scratch);
  }

  private static String sealState(RunningAgent agent) throws Exception {
    return agent.status().path("seal").path("state").asText();
  }

  private static void awaitTampered(RunningAgent agent, String text) throws Exception {
    JournalLine line =
        agent.awaitLine(
            "tampered, " + text,
            found -> found.code().equals("TAMPERED") && found.raw().contains(text));
    assertFalse(line.raw().isEmpty());
  }

  private static void change(Path file) throws IOException {
    Files.writeString(file, "# changed\n", StandardOpenOption.APPEND);
  }
}
