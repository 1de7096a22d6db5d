package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;

/// The owner's word counts at once: exceptions by hash, path and package, and an engine's mode.
class ExceptionsTest {
  /// A package that these tests need anyway, and a file of it that is of no use to anybody.
  private static final String PACKAGE = "util-linux";

  private static final Path PACKAGE_FILE = Path.of("/usr/share/doc/util-linux/copyright");

  private static final JsonMapper JSON = new JsonMapper();

  private static ScratchFileSystem scratch;
  private static RunningAgent agent;

  @BeforeAll
  static void startAgent() throws Exception {
    scratch = ScratchFileSystem.rootOnlyExt4(64);
    agent = RunningAgent.start(scratch);
  }

  @AfterAll
  static void stopAgent() throws Exception {
    agent.close();
    scratch.close();
  }

  @Test
  void oneByHashCountsAtOnceAlsoWithoutANetworkAndEndsAtOnce() throws Exception {
    Path bad = scratch.program("by-hash", Specimen.PROGRAM.bad());
    assertTrue(Outcome.of(bad).denied());
    String id = add(KnownBad.sha256(Specimen.PROGRAM.bad()));
    assertTrue(Outcome.of(bad).ran());

    agent.awaitLine("the exception", found -> found.exception().equals(id));
    JsonNode why = JSON.readTree(agent.command("why", bad, "--json").requireSuccess().output());
    assertEquals("ALLOW", why.path("answer").asText());
    assertEquals("EXCEPTION", why.path("basis").asText());
    assertEquals(id, why.path("exception").asText());
    assertEquals(Specimen.PROGRAM.rule(), why.path("rule").asText());
    assertTrue(agent.command("why", bad).requireSuccess().output().contains(id));

    agent.command("allow", "remove", id).requireSuccess();
    assertTrue(Outcome.of(bad).denied());
  }

  @Test
  void oneByPathCountsForThatPathOnly() throws Exception {
    Path named = scratch.program("by-path", Specimen.SCRIPT.bad());
    Path other = scratch.program("not-named", Specimen.SCRIPT.bad());
    assertTrue(Outcome.of(named).denied());
    String id = add(named.toString());
    assertTrue(Outcome.of(named).ran());
    assertTrue(Outcome.of(other).denied());
    agent.command("allow", "remove", id).requireSuccess();
    assertTrue(Outcome.of(named).denied());
  }

  @Test
  void oneByPathIsRefusedWhereUsersCanWrite() throws Exception {
    Path folder = Files.createDirectory(scratch.path("open"));
    Outcome.of("chmod", "777", folder).requireSuccess();
    Path file = scratch.program("open/file", Specimen.SCRIPT.bad());
    Outcome refused = agent.command("allow", "add", file);
    assertEquals(1, refused.status(), refused::toString);
    assertTrue(refused.output().contains("can be written by"), refused::toString);
    assertTrue(Outcome.of(file).denied());
  }

  @Test
  void oneByPackageCountsForItsFiles() throws Exception {
    Path file = scratch.program("package/copyright", Specimen.PROGRAM.bad());
    Path folder = Folders.of(PACKAGE_FILE);
    Outcome.of("mount", "--bind", Folders.of(file), folder).requireSuccess();
    try {
      assertTrue(Outcome.of(PACKAGE_FILE).denied());
      String id = add(PACKAGE);
      assertTrue(Outcome.of(PACKAGE_FILE).ran());
      JournalLine line = agent.awaitLine("the exception", found -> found.exception().equals(id));
      assertEquals(PACKAGE_FILE.toString(), line.path());
      agent.command("allow", "remove", id).requireSuccess();
      assertTrue(Outcome.of(PACKAGE_FILE).denied());
    } finally {
      Mounts.unmount(folder);
    }
  }

  @Test
  void oneMadeWhileNoAgentRunsCountsFromItsStart() throws Exception {
    Path state = Folders.make("redoubt-state-");
    Map<String, String> variables =
        Map.of(
            "REDOUBT_STATE_DIR", state.toString(),
            "REDOUBT_RUN_DIR", state.resolve("no-agent").toString());
    String hash = KnownBad.sha256(Specimen.PROGRAM.bad());
    Outcome added = Outcome.of(variables, Distribution.frontDoor(), "allow", "add", hash);
    assertTrue(added.requireSuccess().output().contains("as soon as the agent runs"));
    try (ScratchFileSystem other = ScratchFileSystem.tmpfs();
        RunningAgent another =
            RunningAgent.startWith(Map.of("REDOUBT_STATE_DIR", state.toString()), other)) {
      assertTrue(Outcome.of(other.program("excepted", Specimen.PROGRAM.bad())).ran());
      assertTrue(Outcome.of(other.program("not", Specimen.SCRIPT.bad())).denied());
      assertEquals(0, another.stop());
    } finally {
      Outcome.of("rm", "-rf", state).requireSuccess();
    }
  }

  @Test
  void anEngineThatOnlyMonitorsDeniesNothingFromThenOn() throws Exception {
    Path bad = scratch.program("monitored", Specimen.PROGRAM.bad());
    assertTrue(Outcome.of(bad).denied());
    agent.command("mode", "scanner", "monitor").requireSuccess();
    assertTrue(Outcome.of(bad).ran());
    JournalLine line =
        agent.awaitLine(
            "the decision let through",
            found -> found.path().equals(bad.toString()) && found.answer().equals("ALLOW"));
    assertEquals(Specimen.PROGRAM.rule(), line.rule(), "what it would have denied is recorded");
    agent.command("mode", "scanner", "enforce").requireSuccess();
    assertTrue(Outcome.of(bad).denied());
  }

  /// Adds an exception from where there is no network, and returns its id.
  private static String add(String subject) throws Exception {
    Outcome added =
        Outcome.of(
            agent.environment(),
            "unshare",
            "--net",
            Distribution.frontDoor(),
            "allow",
            "add",
            subject,
            "--json");
    JsonNode entry = JSON.readTree(added.requireSuccess().output());
    assertEquals("in force now", entry.path("effect").asText());
    assertFalse(entry.path("id").asText().isEmpty());
    return entry.path("id").asText();
  }
}
