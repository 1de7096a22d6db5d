package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redoubt.agent.journal.JournalLine;

/// A locked file system: what neither a package brought nor the owner trusts does not run there.
class AppControlTest {
  private static final String ENGINE = "allowlist";
  private static final JsonMapper JSON = new JsonMapper();
  private static final String SAY = "'" + Specimen.GREETING + "'";

  private static ScratchFileSystem scratch;
  private static RunningAgent agent;
  private static int folders;

  @BeforeAll
  static void startAgent() throws Exception {
    scratch = ScratchFileSystem.rootOnlyExt4(64);
    agent = RunningAgent.start(scratch, "--opens", scratch.root(), "--app-control", "lockdown");
  }

  @AfterAll
  static void stopAgent() throws Exception {
    agent.close();
    scratch.close();
  }

  /// A folder of nobody's own with everything that [Bypass] needs.
  private static Path usersFolder(ScratchFileSystem on) throws Exception {
    Path folder = Files.createDirectory(on.path("user-" + ++folders));
    Outcome.of("chmod", "777", folder).requireSuccess();
    write(folder, "program", Specimen.PROGRAM.good(folders));
    write(folder, "dynamic", Specimen.DYNAMIC_PROGRAM.good(folders));
    write(folder, "library.so", Specimen.LIBRARY.good(folders));
    write(folder, "text", "echo " + SAY + " # " + folders + "\n");
    write(folder, "script.sh", "#!/bin/sh\necho " + SAY + " # " + folders + "\n");
    write(folder, "module.py", "print(" + SAY + ") # " + folders + "\n");
    write(folder, "plain", "print(" + SAY + ") # " + folders + "\n");
    write(folder, "Module.pm", "package Module; print " + SAY + "; 1; # " + folders + "\n");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("text"));
    return folder;
  }

  private static void write(Path folder, String name, String text) throws Exception {
    write(folder, name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(Path folder, String name, byte[] content) throws Exception {
    Path file = Files.write(folder.resolve(name), content);
    Outcome.of("chmod", "755", file).requireSuccess();
    Outcome.of("chown", "65534:65534", file).requireSuccess();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsSaidOfEachWayAroundItHolds(Bypass bypass) throws Exception {
    Path folder = usersFolder(scratch);
    long began = System.currentTimeMillis();
    Outcome outcome = Outcome.of(bypass.command(folder));
    assertEquals(bypass.fate() != Bypass.Fate.DENIED, outcome.ran(), outcome::toString);
    if (bypass.fate() == Bypass.Fate.DENIED) {
      agent.awaitLine(
          "the denial", line -> line.engine().equals(ENGINE) && line.timeMillis() >= began);
    }
  }

  @Test
  void whatProgramsLoadIsJudgedIfTheOwnerWantsIt() throws Exception {
    try (ScratchFileSystem other = ScratchFileSystem.rootOnlyExt4(64);
        RunningAgent strict =
            RunningAgent.start(
                other, "--opens", other.root(), "--app-control", "lockdown", "--libraries")) {
      for (Bypass bypass : Bypass.values()) {
        if (bypass.fate() == Bypass.Fate.LIBRARY) {
          Outcome outcome = Outcome.of(bypass.command(usersFolder(other)));
          assertFalse(outcome.ran(), () -> bypass + " " + outcome);
        }
      }
      assertEquals(0, strict.stop());
    }
  }

  @Test
  void auditRecordsAndDeniesNothing() throws Exception {
    try (ScratchFileSystem other = ScratchFileSystem.rootOnlyExt4(64);
        RunningAgent audit = RunningAgent.start(other, "--app-control", "audit")) {
      Path program = other.program("bin/program", Specimen.PROGRAM.good(1));
      Path bad = other.program("bin/bad", Specimen.PROGRAM.bad());
      assertTrue(Outcome.of(program).ran());
      assertTrue(Outcome.of(bad).denied(), "other engines deny what they deny");
      JournalLine would = audit.awaitDecision(program);
      assertEquals("ALLOW", would.answer());
      assertEquals(ENGINE, would.engine());

      // Every engine's word counts again: that of an engine on trial is not meant.
      audit.command("mode", "monitor").requireSuccess();
      Outcome enforced = audit.command("mode", "enforce").requireSuccess();
      assertTrue(enforced.output().contains("but " + ENGINE), enforced::toString);
      assertTrue(Outcome.of(program).ran());

      Outcome learnt = audit.command("trust", "learn").requireSuccess();
      assertTrue(learnt.output().contains(program.toString()), learnt::toString);
      audit.command("trust", "learn", "--add").requireSuccess();
      audit.command("mode", ENGINE, "enforce").requireSuccess();
      assertTrue(Outcome.of(program).ran(), "it was learnt");
      assertTrue(Outcome.of(other.program("bin/new", Specimen.PROGRAM.good(2))).denied());
      assertEquals(0, audit.stop());
    }
  }

  @Test
  void theOwnerTrustsByHashAndPathAndEndsItAtOnce() throws Exception {
    Path program = scratch.program("trust/program", Specimen.PROGRAM.good(11));
    assertTrue(Outcome.of(program).denied());

    String byHash = trust("--hash", program);
    assertTrue(Outcome.of(program).ran());
    assertTrue(Outcome.of(program).ran(), "from an earlier answer");
    agent.command("trust", "remove", byHash).requireSuccess();
    assertTrue(Outcome.of(program).denied());

    String byPath = trust(Folders.of(program));
    assertTrue(Outcome.of(program).ran());
    Path script = scratch.program("trust/below/script.sh", Specimen.SCRIPT.good(11));
    assertTrue(Outcome.of("sh", script).ran());
    JsonNode why =
        JSON.readTree(agent.command("trust", "why", script, "--json").requireSuccess().output());
    assertEquals("trusted", why.path("standing").asText());
    assertEquals(byPath, why.path("trust").path(0).path("id").asText());

    Outcome.of("chmod", "777", Folders.of(script)).requireSuccess();
    assertTrue(
        Outcome.of("sh", scratch.program("trust/below/other", Specimen.SCRIPT.good(12))).denied());
    agent.command("trust", "remove", byPath).requireSuccess();
    assertTrue(Outcome.of(program).denied());
  }

  private static String trust(Object... words) throws Exception {
    List<Object> command = new ArrayList<>(List.of("trust", "add", "--json"));
    command.addAll(List.of(words));
    return JSON.readTree(agent.command(command.toArray()).requireSuccess().output())
        .path("id")
        .asText();
  }

  /// A real package, installed by the host's own package manager.
  @Test
  void aPackageInstallsUpgradesAndRunsAndEndsWithItsFiles() throws Exception {
    try (TestPackage tool = TestPackage.in(scratch.path("package/tool"))) {
      Outcome first = tool.install(1);
      assertTrue(first.output().contains("postinst made something that ran"), first::toString);
      assertTrue(Outcome.of(tool.program()).ran(), "at once");
      Outcome second = tool.install(2);
      assertTrue(second.output().contains("postinst made something that ran"), second::toString);
      assertTrue(Outcome.of(tool.program()).ran(), "the new one at once");
      assertTrue(Outcome.of("sh", tool.program()).ran(), "and as a script");
      assertTrue(Outcome.of(tool.made()).denied(), "what its scripts made is of no package");

      Files.writeString(tool.program(), "#!/bin/sh\necho " + SAY + " changed\n");
      assertTrue(Outcome.of(tool.program()).denied(), "it is not what the package brought");
      JournalLine changed =
          agent.awaitLine("the change", line -> line.rule().startsWith("changed"));
      assertEquals(tool.program().toString(), changed.path());
    }
  }

  @Test
  void nobodyIsLockedOutOfWhatProtectsTheHost() throws Exception {
    Path shell = scratch.program("sh", Files.readAllBytes(Path.of("/bin/sh").toRealPath()));
    Outcome.of("chown", "65534", shell).requireSuccess();
    Path bound = Path.of("/bin/sh").toRealPath();
    assertTrue(Outcome.of(shell, "-c", ":").denied());
    assertTrue(Outcome.of(bound, "-c", "echo " + SAY).ran());
  }
}
