package redoubt.agent.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.registry.Register;
import redoubt.core.linux.ImmutableFlag;

/// On a real file system, with real flags.
class SealedInstallationTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final String PACKAGED = "/usr/bin/true";

  @TempDir private Path root;
  private Path home;
  private Path jar;
  private Path program;
  private Register register;
  private SealedInstallation installation;

  @BeforeEach
  void install() throws Exception {
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    home = Files.createDirectories(root.resolve("home"));
    Files.createDirectories(home.resolve("engines"));
    jar = write(Files.createDirectories(home.resolve("lib")).resolve("agent.jar"), "code");
    write(
        home.resolve("engines/scanner.engine"),
        "id=scanner\ncommand=" + PACKAGED + "\nauth=exec\nruntime=java\n");
    program = write(Files.createDirectories(root.resolve("opt/acme")).resolve("engine"), "acme");
    write(
        Files.createDirectories(root.resolve("etc/engines.d")).resolve("acme.engine"),
        "id=acme\ncommand=" + program + "\nnotify=exec\n");
    register =
        new Register(home, root.resolve("etc"), root.resolve("state"), Path.of("/java/bin/java"));
    installation =
        new SealedInstallation(
            home, root.resolve("state"), Path.of("/java"), register, PACKAGED::equals);
  }

  @AfterEach
  void takeFlagsOff() throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      tree.filter(path ->
              Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                  || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .forEach(path -> ImmutableFlag.set(path, false));
    }
  }

  @Test
  void whatIsSealedIsWholeAndNobodyChangesIt() throws Exception {
    assertEquals(Optional.empty(), installation.check());
    SealedInstallation.Done done = installation.set(0, NOW, Optional.empty());

    assertEquals(5, done.files(), "jar, marker, two manifests, one program");
    assertEquals(0, done.loose());
    assertTrue(installation.check().orElseThrow().isWhole());
    assertFalse(installation.seal().orElseThrow().needsPassphrase());
    for (Path file : List.of(jar, program, root.resolve("etc/engines.d/acme.engine"))) {
      assertThrows(IOException.class, () -> Files.writeString(file, "changed"), file.toString());
    }
    assertThrows(IOException.class, () -> Files.createFile(home.resolve("lib/new.jar")));
  }

  @Test
  void theListIsWhatSha256sumReads() throws Exception {
    installation.set(0, NOW, Optional.empty());
    Process check =
        new ProcessBuilder(
                "sha256sum",
                "--check",
                "--quiet",
                "--strict",
                root.resolve("state/seal/SHA256SUMS").toString())
            .inheritIO()
            .start();
    assertEquals(0, check.waitFor());
  }

  @Test
  void everyDifferenceIsFoundAndOnlyItsEngineIsDoubted() throws Exception {
    installation.set(0, NOW, Optional.empty());
    change(program, "changed");
    assertEquals(flaws(Flaw.Kind.CHANGED, program), changes());
    assertEquals(List.of("scanner"), vouchedFor());

    installation.set(0, NOW, Optional.empty());
    loosen(home.resolve("lib"));
    Path added = write(home.resolve("lib/new.jar"), "more code");
    assertEquals(flaws(Flaw.Kind.NEW, added), changes());
    assertEquals(List.of("acme"), vouchedFor());

    installation.set(0, NOW, Optional.empty());
    loosen(home.resolve("lib"), added);
    Files.delete(added);
    assertEquals(flaws(Flaw.Kind.MISSING, added), changes());

    installation.set(0, NOW, Optional.empty());
    loosen(jar);
    Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-rw-r--"));
    assertEquals(flaws(Flaw.Kind.OPEN, jar), changes());
  }

  @Test
  void anEngineThatWasNotSealedIsDoubted() throws Exception {
    installation.set(0, NOW, Optional.empty());
    Path late =
        write(root.resolve("etc/engines.d/late.engine"), "id=late\ncommand=" + PACKAGED + "\n");
    assertEquals(flaws(Flaw.Kind.NEW, late), changes());
    assertEquals(List.of("scanner", "acme"), vouchedFor());
    Files.delete(late);
    SealReport before = installation.check().orElseThrow();
    write(root.resolve("etc/engines.d/late.engine"), "id=late\ncommand=" + PACKAGED + "\n");
    assertEquals(List.of("scanner", "acme"), vouchedFor(before), "also by an older report");
  }

  /// A check must come to an end with an answer, whatever lies there: it runs in the agent.
  @Test
  void whatIsNoFileAnyMoreIsAFlawAndHoldsNobodyUp() throws Exception {
    installation.set(0, NOW, Optional.empty());
    loosen(home.resolve("lib"), jar);
    Files.delete(jar);
    assertEquals(0, new ProcessBuilder("mkfifo", jar.toString()).start().waitFor());
    assertEquals(flaws(Flaw.Kind.CHANGED, jar), changes());

    loosen(home.resolve("engines"), home.resolve("engines/scanner.engine"));
    Files.writeString(home.resolve("engines/scanner.engine"), "no manifest");
    assertTrue(
        changes().contains(new Flaw(home.resolve("engines/scanner.engine"), Flaw.Kind.CHANGED)));
    assertTrue(changes().contains(new Flaw(home.resolve("engines"), Flaw.Kind.UNREADABLE)));
    assertThrows(PolicyException.class, () -> installation.set(0, NOW, Optional.empty()));
    assertTrue(installation.remove(), "also with a broken manifest");
    Files.writeString(home.resolve("engines/scanner.engine"), "mended");
  }

  @Test
  void whatALinkLeadsToIsLeftAlone() throws Exception {
    Path elsewhere = write(root.resolve("shadow"), "not ours");
    Files.createSymbolicLink(home.resolve("lib/link"), elsewhere);
    Files.createSymbolicLink(home.resolve("lib/circle"), home);
    installation.set(0, NOW, Optional.empty());
    assertEquals(Optional.of(false), ImmutableFlag.isSet(elsewhere));
    assertTrue(installation.check().orElseThrow().isWhole());
  }

  @Test
  void aSealThatCannotBeMadeLeavesEverythingAsItWas() throws Exception {
    for (String name : List.of("lib/a\\b", "lib/open")) {
      Path bad = write(home.resolve(name), "x");
      Files.setPosixFilePermissions(bad, PosixFilePermissions.fromString("rw-rw-r--"));
      assertThrows(PolicyException.class, () -> installation.set(0, NOW, Optional.empty()), name);
      assertFalse(Files.exists(home.resolve("sealed")));
      assertEquals(Optional.empty(), installation.check());
      Files.writeString(jar, "changeable");
      Files.delete(bad);
    }
  }

  @Test
  void anotherStateDirectoryCannotTakeItOff() throws Exception {
    installation.set(0, NOW, Optional.empty());
    SealedInstallation other =
        new SealedInstallation(
            home, root.resolve("elsewhere"), Path.of("/java"), register, PACKAGED::equals);
    assertThrows(PolicyException.class, other::remove);
    assertThrows(PolicyException.class, () -> other.set(0, NOW, Optional.empty()));
    assertTrue(installation.check().orElseThrow().isWhole());
  }

  @Test
  void aFlagThatIsTakenOffIsReportedAndDoubtsNobody() throws Exception {
    installation.set(0, NOW, Optional.empty());
    loosen(jar);
    SealReport report = installation.check().orElseThrow();
    assertEquals(List.of(new Flaw(jar, Flaw.Kind.LOOSE)), report.flaws());
    assertEquals(List.of("scanner", "acme"), vouchedFor());
  }

  @Test
  void aSealThatIsNotTheOwnersIsNotBelieved() throws Exception {
    installation.set(0, NOW, Optional.empty());
    Path state = root.resolve("state");
    for (String file : List.of("seal/seal.json", "seal/SHA256SUMS", "seal/seal.json.sig")) {
      byte[] good = Files.readAllBytes(state.resolve(file));
      byte[] bad = good.clone();
      bad[bad.length / 2] ^= 1;
      Files.write(state.resolve(file), bad);
      assertThrows(PolicyException.class, installation::check, file);
      assertThrows(PolicyException.class, installation::seal, file);
      Files.write(state.resolve(file), good);
    }
    assertTrue(installation.check().orElseThrow().isWhole());
  }

  @Test
  void aSealThatIsTakenAwayIsMissedAndAStrangersMarkIsNot() throws Exception {
    installation.set(0, NOW, Optional.empty());
    SealedInstallation other =
        new SealedInstallation(
            home, root.resolve("elsewhere"), Path.of("/java"), register, PACKAGED::equals);
    assertEquals(Optional.empty(), other.seal());

    Optional<?> before = installation.fingerprint();
    for (String file : List.of("seal.json", "SHA256SUMS", "seal.json.sig")) {
      Files.delete(root.resolve("state/seal").resolve(file));
    }
    assertTrue(before.isPresent());
    assertEquals(Optional.empty(), installation.fingerprint());
    assertThrows(PolicyException.class, installation::seal);
  }

  @Test
  void removingItMakesEverythingChangeableAlsoWhenItIsBroken() throws Exception {
    assertFalse(installation.remove());
    installation.set(0, NOW, Optional.of("correct horse"));
    assertTrue(installation.seal().orElseThrow().isAuthorisedBy("correct horse"));
    assertFalse(installation.seal().orElseThrow().isAuthorisedBy(""));
    Files.writeString(root.resolve("state/seal/seal.json"), "{}");

    assertTrue(installation.remove());
    Files.writeString(jar, "changed");
    Files.createFile(home.resolve("lib/new.jar"));
    assertEquals(Optional.empty(), installation.check());
    assertFalse(Files.exists(root.resolve("state/seal")));
  }

  private List<Flaw> changes() throws Exception {
    return installation.check().orElseThrow().flaws().stream()
        .filter(flaw -> flaw.kind().changesFile())
        .toList();
  }

  private static List<Flaw> flaws(Flaw.Kind kind, Path file) {
    return List.of(new Flaw(file, kind));
  }

  private List<String> vouchedFor() throws Exception {
    return vouchedFor(installation.check().orElseThrow());
  }

  private List<String> vouchedFor(SealReport report) throws Exception {
    return register.entries(register.load(), List.of()).stream()
        .filter(engine -> installation.vouchesFor(report, engine))
        .map(engine -> engine.manifest().id().value())
        .toList();
  }

  private static void change(Path file, String text) throws IOException {
    loosen(file);
    Files.writeString(file, text);
  }

  private static void loosen(Path... paths) {
    for (Path path : paths) {
      ImmutableFlag.set(path, false);
    }
  }

  private static Path write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }
}
