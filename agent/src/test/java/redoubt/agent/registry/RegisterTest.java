package redoubt.agent.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.policy.PolicyException;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.LifeFolders;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;

class RegisterTest {
  private static final EngineId SCANNER = new EngineId("scanner");
  private static final EngineId ACME = new EngineId("acme");
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final int FUZZ_TRIALS = 3_000;

  @TempDir private Path root;
  private Register register;
  private Path manifest;

  @BeforeEach
  void install() throws Exception {
    Files.createDirectories(root.resolve("home/engines"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        root.resolve("home/engines/scanner.engine"),
        "id=scanner\ncommand=/usr/bin/true\nauth=exec\nfileContent=yes\nnetwork=a.example:443\n");
    manifest =
        Files.writeString(
            root.resolve("download.engine"),
            "id=acme\ncommand=/usr/bin/true\nauth=exec,open\nfileContent=yes\n");
    register =
        new Register(
            root.resolve("home"), root.resolve("config"), root.resolve("state"), Path.of("/java"));
  }

  @Test
  void whatComesWithTheInstallationHasWhatItAsksForButTheNetwork() throws Exception {
    assertEquals(List.of("file-content", "judge:exec"), rights(SCANNER));
  }

  /// It is started when the owner wants it, and may be decided on before.
  @Test
  void whatIsOptionalIsNoEntryAndCanBeGrantedResponsesByName() throws Exception {
    Path optional =
        Files.createDirectories(root.resolve("home/engines/optional")).resolve("acme.engine");
    Files.writeString(
        optional, "id=acme\ncommand=/usr/bin/true\nnotify=process_start\nrespond=kill,collect\n");
    assertEquals(1, register.entries(register.load(), List.of()).size());
    assertEquals(List.of("observe:process_start"), rights(ACME));
    assertThrows(PolicyException.class, () -> register.add(manifest), "the id is taken");

    EngineRights respond = EngineRights.of(List.of("respond:collect", "respond:freeze"));
    register.decide(ACME, rights -> rights.with(respond), 0, NOW);

    assertEquals(
        List.of("observe:process_start", "respond:collect"),
        register.entries(register.load(), List.of(optional)).getLast().rights().words());
  }

  /// It has what another engine has that the owner added, and one that is broken leaves the others.
  @Test
  void whatCameAsABundleMayObserve() throws Exception {
    Release release = new Release(Sha256.ofText("bundle"), "acme", "engine", 1);
    LifeFolders lives = new LifeFolders(root.resolve("state"));
    lives
        .make(ACME.releases())
        .write(Life.EMPTY.offered(release, NOW).passed(NOW).passed(NOW).passed(NOW).confirmed());
    List<Path> broken = new ArrayList<>();
    assertEquals(
        1, register.entries(register.load(), List.of(), (path, _) -> broken.add(path)).size());
    assertEquals(List.of(lives.programs(ACME)), broken);
    Path folder = Files.createDirectories(lives.program(ACME, release));
    Files.writeString(
        folder.resolve("manifest.engine"), "id=acme\ncommand=${here}/run\nauth=exec\n");

    Register.Entry entry = register.require(ACME);
    assertEquals(Register.Source.BUNDLE, entry.source());
    assertEquals(List.of("observe:exec"), entry.rights().words());
    assertEquals(Optional.of(release.digest()), entry.manifest().release());
    assertProblem("this engine came as a bundle", () -> register.remove(ACME));
    assertProblem("id taken", () -> register.add(manifest));
  }

  @Test
  void whatIsAddedMayObserve() throws Exception {
    register.add(manifest);
    assertEquals(List.of("observe:exec", "observe:open"), rights(ACME));
    assertEquals(2, register.entries(register.load(), List.of()).size());
  }

  @Test
  void whatIsNamedForThisRunHasWhatItAsksFor() throws Exception {
    List<Register.Entry> entries = register.entries(register.load(), List.of(manifest));
    assertEquals(
        List.of("file-content", "judge:exec", "judge:open"), entries.getLast().rights().words());
  }

  @Test
  void theOwnersWordCountsAndStays() throws Exception {
    register.add(manifest);
    EngineRights judge = EngineRights.of(List.of("judge:exec", "network:evil.example:1"));
    EngineRights now = register.decide(ACME, rights -> rights.with(judge), 1000, NOW);
    List<String> expected = List.of("judge:exec", "observe:exec", "observe:open");
    assertEquals(expected, now.words(), "what it does not ask for it does not get");
    assertEquals(expected, rights(ACME));
    Grant grant = register.read().byEngine().get("acme");
    assertEquals(new Grant(ACME, now, 1000, NOW), grant);
    register.decide(SCANNER, rights -> rights.without(rights), 0, NOW);
    assertEquals(List.of(), rights(SCANNER), "also against the installation's own");
  }

  @Test
  void aRemovedEngineLeavesNothing() throws Exception {
    register.add(manifest);
    register.decide(ACME, rights -> rights.with(EngineRights.of(List.of("judge:exec"))), 0, NOW);
    register.remove(ACME);
    assertTrue(register.find(ACME).isEmpty());
    register.add(manifest);
    assertEquals(List.of("observe:exec", "observe:open"), rights(ACME), "no old grant");
  }

  @Test
  void whatCannotBeRightIsRefusedWithItsFix() throws Exception {
    assertProblem("no such engine", () -> register.remove(ACME));
    assertProblem("comes with the installation", () -> register.remove(SCANNER));
    register.add(manifest);
    assertProblem("engine id taken", () -> register.add(manifest));
    Path other =
        Files.writeString(root.resolve("x.engine"), "id=x\ncommand=/no/such/program\nauth=exec\n");
    assertProblem("cannot be executed", () -> register.add(other));
    Files.writeString(other, "id=x\n");
    assertProblem("not an engine's manifest", () -> register.add(other));
    assertProblem("no such file", () -> register.add(root.resolve("none.engine")));
  }

  @Test
  void aManifestThatOthersCanWriteIsNotUsed() throws Exception {
    register.add(manifest);
    Path taken = root.resolve("config/engines.d/acme.engine");
    Files.setPosixFilePermissions(taken, PosixFilePermissions.fromString("rw-rw-rw-"));
    IOException refused =
        assertThrows(IOException.class, () -> register.entries(register.load(), List.of()));
    assertTrue(String.valueOf(refused.getMessage()).contains("can be written by other users"));
  }

  @Test
  void aBrokenManifestOfTheOwnersLeavesTheOthers() throws Exception {
    register.add(manifest);
    Path broken = Files.writeString(root.resolve("config/engines.d/aaa.engine"), "id=\n");
    Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rw-------"));
    List<Path> leftOut = new ArrayList<>();

    List<Register.Entry> entries =
        register.entries(register.load(), List.of(), (path, _) -> leftOut.add(path));

    assertEquals(List.of(broken), leftOut);
    assertTrue(entries.stream().anyMatch(entry -> entry.manifest().id().equals(ACME)));
    assertThrows(
        IllegalArgumentException.class, () -> register.entries(register.load(), List.of()));
  }

  @Test
  void brokenGrantsLeaveTheLastGoodOnes() throws Exception {
    register.add(manifest);
    register.decide(ACME, rights -> rights.with(EngineRights.of(List.of("judge:open"))), 0, NOW);
    Register.Grants good = register.load();
    assertTrue(good.problem().isEmpty());
    Files.writeString(root.resolve("state/grants.json"), "{");
    Register.Grants loaded = register.load();
    assertTrue(loaded.problem().isPresent());
    assertEquals(good.byEngine(), loaded.byEngine());
    assertProblem("broken", register::read);
  }

  /// Any bytes give grants or an error that says so, and never a right of an unknown name.
  @Test
  void noBytesSurprise() throws Exception {
    Random random = new Random(11);
    byte[] good =
        GrantsJson.format(
            List.of(
                new Grant(ACME, EngineRights.of(List.of("judge:exec", "file-content")), 0, NOW)));
    assertFalse(GrantsJson.parse(good).isEmpty());
    for (int i = 0; i < FUZZ_TRIALS; i++) {
      byte[] bytes = good.clone();
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        Map<String, Grant> grants = GrantsJson.parse(bytes);
        assertTrue(grants.size() <= 1);
      } catch (IOException _) {
        // What broken grants are owed.
      }
    }
  }

  private List<String> rights(EngineId id) throws PolicyException {
    return register.require(id).rights().words();
  }

  private interface Attempt {
    void run() throws PolicyException;
  }

  private static void assertProblem(String named, Attempt attempt) {
    PolicyException problem = assertThrows(PolicyException.class, attempt::run);
    assertTrue(String.valueOf(problem.getMessage()).contains(named), problem::getMessage);
    assertFalse(problem.fix().isEmpty());
  }
}
