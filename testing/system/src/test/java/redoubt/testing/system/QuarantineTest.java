package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.journal.JournalLine;

/// `redoubt run --quarantine`: what an engine denies is put away, on the real kernel; and what the
/// owner does with it.
class QuarantineTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int USER = 65_534;
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private static Path rules;
  private static ScratchFileSystem scratch;
  private static RunningAgent agent;

  @BeforeAll
  static void start() throws Exception {
    Files.writeString(
        rules.resolve("quarantine.yml"),
        """
        title: A process that says quarantine
        id: 0f7e2f5e-2a6a-4d53-8c2e-00000000000a
        tags: [redoubt.kill, redoubt.quarantine]
        logsource: {product: linux, category: process_creation}
        detection:
          words: {CommandLine|contains: 'says-quarantine'}
          condition: words
        """);
    scratch = ScratchFileSystem.rootOnlyExt4(64);
    agent =
        RunningAgent.start(
            scratch, "--quarantine", "--scan-written", "--opens", scratch.root(), "--rules", rules);
    agent
        .command("engines", "grant", "sigma", "respond:kill", "respond:quarantine")
        .requireSuccess();
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    scratch.close();
  }

  @AfterEach
  void empty() {
    agent.command("quarantine", "delete", "all").requireSuccess();
    agent.command("mode", "scanner", "enforce").requireSuccess();
  }

  private static Path bad(String name) throws Exception {
    Path file = Files.write(scratch.path(name), Specimen.PROGRAM.bad());
    Outcome.of("chmod", "+x", file).requireSuccess();
    return file;
  }

  private static JsonNode quarantined() throws Exception {
    return JSON.readTree(agent.command("quarantine", "list", "--json").output()).path("files");
  }

  private static JsonNode awaitQuarantined(Path file) throws Exception {
    return Await.value(
        file + " in quarantine",
        PATIENCE,
        () -> {
          for (JsonNode each : quarantined()) {
            if (each.path("path").asText().equals(file.toString())
                && each.path("state").asText().equals("HELD")) {
              return java.util.Optional.of(each);
            }
          }
          return java.util.Optional.empty();
        });
  }

  private static JournalLine awaitNotice(String kind, String about) throws Exception {
    return agent.awaitLine(
        kind + " about " + about,
        PATIENCE,
        line -> line.raw().contains("\"" + kind + "\"") && line.raw().contains(about));
  }

  @Test
  void aProgramThatIsDeniedIsPutAwayAndCanBeHadBack() throws Exception {
    Path file = bad("program");
    Files.setAttribute(file, "unix:uid", USER);
    String before = Outcome.of("stat", "-c", "%a %u %g %s %Y", file).output();
    assertFalse(Outcome.of(file).output().contains(Specimen.GREETING));
    JsonNode held = awaitQuarantined(file);
    assertFalse(Files.exists(file));
    assertEquals(Specimen.PROGRAM.rule(), held.path("rule").asText());
    assertEquals(KnownBad.sha256(Specimen.PROGRAM.bad()), held.path("sha256").asText());
    awaitNotice("QUARANTINED", file.toString());

    String id = held.path("id").asText();
    agent.command("quarantine", "restore", id).requireSuccess();
    awaitNotice("UNQUARANTINED", file.toString());
    assertEquals(before, Outcome.of("stat", "-c", "%a %u %g %s %Y", file).output());

    // It is as bad as before, until its owner allows it.
    assertFalse(Outcome.of(file).output().contains(Specimen.GREETING));
    String again = awaitQuarantined(file).path("id").asText();
    agent.command("quarantine", "restore", again, "--allow").requireSuccess();
    assertTrue(Outcome.of(file).output().contains(Specimen.GREETING));
    assertEquals(0, quarantined().size());
    agent.command("allow", "remove", held.path("sha256").asText()).requireSuccess();
    Files.delete(file);
  }

  @Test
  void aFileThatIsOpenedIsPutAwayWithItsOtherNames() throws Exception {
    Path file = bad("document");
    Path other = Files.createLink(scratch.path("other-name"), file);
    assertFalse(Outcome.of("cat", file).status() == 0);
    awaitQuarantined(file);
    assertEquals("0", Outcome.of("stat", "-c", "%a", other).output().strip());
    Files.delete(other);
  }

  @Test
  void whatAUserDropsIsPutAwayUnasked() throws Exception {
    Path open = Files.createDirectories(scratch.path("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path source = Files.write(agent.stateDirectory().resolve("source"), Specimen.SCRIPT.bad());
    Path dropped = open.resolve("dropped");
    Outcome.of("sh", "-c", "cat <'" + source + "' >'" + dropped + "'").requireSuccess();
    awaitQuarantined(dropped);
    assertFalse(Files.exists(dropped));
  }

  @Test
  void aScanPutsAwayWhatItFinds() throws Exception {
    Path folder = Files.createDirectories(scratch.path("scanned"));
    Path one = Files.write(folder.resolve("one"), Specimen.LIBRARY.bad());
    Path good = Files.write(folder.resolve("good"), Specimen.LIBRARY.good());
    Outcome scan = agent.command("scan", "--quarantine", "--json", folder);
    assertEquals(1, scan.status(), scan::toString);
    assertTrue(scan.output().contains("put away as "), scan::toString);
    assertFalse(Files.exists(one));
    assertTrue(Files.exists(good));
    // What is in the vault is not found again.
    Outcome vault = agent.command("scan", "--json", agent.stateDirectory().resolve("quarantine"));
    assertEquals(0, vault.status(), vault::toString);
  }

  @Test
  void anEngineOnTrialPutsNothingAway() throws Exception {
    agent.command("mode", "scanner", "monitor").requireSuccess();
    Path file = bad("on-trial");
    assertTrue(Outcome.of(file).output().contains(Specimen.GREETING));
    agent.awaitDecision(file);
    Path later = bad("later");
    agent.command("mode", "scanner", "enforce").requireSuccess();
    assertFalse(Outcome.of(later).output().contains(Specimen.GREETING));
    awaitQuarantined(later);
    assertTrue(Files.exists(file));
    Files.delete(file);
  }

  @Test
  void withoutTheGrantADenialIsAllThereIs() throws Exception {
    agent.command("engines", "revoke", "scanner", "respond:quarantine").requireSuccess();
    try {
      Path file = bad("only-denied");
      long refused = agent.counter("responses_refused_total");
      assertFalse(Outcome.of(file).output().contains(Specimen.GREETING));
      agent.awaitDecision(file);
      assertTrue(agent.counter("responses_refused_total") > refused);
      assertTrue(Files.exists(file));
      Files.delete(file);
    } finally {
      agent.command("engines", "grant", "scanner", "respond:quarantine").requireSuccess();
    }
  }

  /// A false positive of an engine must not take parts of the host away.
  @Test
  void whatTheHostLivesOnStaysWhereItIs() throws Exception {
    Path tool = Path.of("/usr/bin/chage").toRealPath();
    byte[] content = Files.readAllBytes(tool);
    try {
      Outcome named = agent.command("quarantine", "add", tool);
      assertEquals(1, named.status(), named::toString);
      assertTrue(named.output().contains("protected set"), named::toString);
      Path own = Distribution.frontDoor();
      Outcome ours = agent.command("quarantine", "add", own);
      assertEquals(1, ours.status(), ours::toString);
      Outcome journal =
          agent.command(
              "quarantine", "add", agent.stateDirectory().resolve("journal/journal.jsonl"));
      assertTrue(journal.output().contains("Redoubt's own"), journal::toString);
    } finally {
      agent.command("quarantine", "restore", "all").requireSuccess();
    }
    assertArrayEquals(content, Files.readAllBytes(tool));
  }

  @Test
  void whatAPackageBroughtIsLeftToItsOwner() throws Exception {
    try (TestPackage packaged = TestPackage.in(Files.createDirectories(scratch.path("packaged")))) {
      packaged.install(1);
      Path file = Files.write(packaged.program(), Specimen.SCRIPT.bad());
      assertFalse(Outcome.of(file).output().contains(Specimen.GREETING), "denied all the same");
      awaitNotice("QUARANTINE_REFUSED", file.toString());
      assertTrue(Files.exists(file));
      agent.command("quarantine", "add", file).requireSuccess();
      assertFalse(Files.exists(file), "its owner may");
      agent.command("quarantine", "restore", "all").requireSuccess();
    }
  }

  @Test
  void theProgramOfAProcessIsPutAwayBeforeItIsEnded() throws Exception {
    Path tool = Files.copy(Path.of("/usr/bin/sleep"), scratch.path("tool"));
    Outcome.of("chmod", "+x", tool).requireSuccess();
    Await.until(
        "sigma ready",
        PATIENCE,
        () -> agent.command("engines", "--json").output().contains("respond:quarantine"));
    Process process =
        new ProcessBuilder("bash", "-c", "exec -a says-quarantine '" + tool + "' 300").start();
    try {
      awaitQuarantined(tool);
      assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    } finally {
      process.destroyForcibly();
    }
  }

  /// An engine that has gone wrong does not empty the host.
  @Test
  void anEngineHasItsShareAndNoMore() throws Exception {
    agent.command("mode", "scanner", "monitor").requireSuccess();
    try (RunningAgent other = RunningAgent.start(scratch, "--quarantine")) {
      Path folder = Files.createDirectories(scratch.path("many"));
      for (int i = 0; i < 40; i++) {
        Files.write(folder.resolve("file" + i), Specimen.SCRIPT.bad());
      }
      other.command("scan", "--json", folder);
      other.awaitLine("the refusal", PATIENCE, line -> line.raw().contains("more stay denied"));
      try (var left = Files.list(folder)) {
        assertEquals(20, left.count());
      }
      Outcome.of("rm", "-r", folder).requireSuccess();
    }
  }

  @Test
  void withoutAnAgentTheOwnerStillHasHisFiles() throws Exception {
    try (RunningAgent other = RunningAgent.start(scratch, "--quarantine", "--on-miss", "allow")) {
      // The first agent puts nothing away here: its scanner is on trial.
      agent.command("mode", "scanner", "monitor").requireSuccess();
      Path file = bad("left-behind");
      assertFalse(Outcome.of(file).output().contains(Specimen.GREETING));
      Await.until("it is away", PATIENCE, () -> !Files.exists(file));
      other.stop();
      Outcome back = other.command("quarantine", "restore", "all");
      back.requireSuccess();
      assertTrue(Files.exists(file), back::toString);
      Files.delete(file);
    }
  }
}
