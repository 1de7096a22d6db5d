package redoubt.agent.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.model.EngineId;
import redoubt.core.model.EventClass;
import redoubt.core.model.ResponseAction;

class EngineManifestTest {
  private static final String GOOD =
      """
      id = scanner
      command = /opt/scanner/bin/scan --fast
      auth = exec, open
      memoryMiB = 64
      """;

  private static final int FUZZ_TRIALS = 3_000;

  @TempDir private Path directory;

  @Test
  void whatIsNotSaidHasItsStandard() throws IOException {
    EngineManifest manifest = read(GOOD);
    assertEquals(new EngineId("scanner"), manifest.id());
    assertEquals(List.of("/opt/scanner/bin/scan", "--fast"), manifest.command());
    assertEquals(
        new EngineRights(
            Set.of(EventClass.EXEC, EventClass.OPEN),
            Set.of(),
            false,
            Set.of(),
            Set.of(),
            Set.of()),
        manifest.asks());
    assertEquals(EngineManifest.ContentKind.OTHER, manifest.content());
    assertEquals(new EngineLimits(64, 64, 512, 0, 4), manifest.limits());
    assertEquals(EngineView.Language.C, manifest.view().runtime());
    assertEquals(List.of(Path.of("/opt/scanner/bin/scan")), manifest.view().files());
  }

  @Test
  void whatItWishesToBeDoneIsAskedForByName() throws IOException {
    assertEquals(
        Set.of(ResponseAction.KILL_TREE, ResponseAction.COLLECT),
        read(GOOD + "respond = KILL_TREE, collect").asks().respond());
  }

  @Test
  void eachProblemIsNamedWithItsFile() {
    assertRefused("command = /bin/x", "id");
    assertRefused("id = x", "command");
    assertRefused("id = Not An Id\ncommand = /bin/x", "id=Not An Id");
    assertRefused("id = x\ncommand = relative/path", "relative/path");
    assertRefused(GOOD + "auth = exec,teleport", "TELEPORT");
    assertRefused(GOOD + "memoryMiB = 15", "memoryMiB=15");
    assertRefused(GOOD + "memoryMiB = much", "memoryMiB=much");
    assertRefused(GOOD + "processes = 0", "processes=0");
    assertRefused(GOOD + "openFiles = 99999999999", "openFiles=99999999999");
    assertRefused(GOOD + "cpuPercent = -1", "cpuPercent=-1");
    assertRefused(GOOD + "scratchMiB = 0", "scratchMiB=0");
    assertRefused(GOOD + "runtime = cobol", "runtime=COBOL");
    assertRefused(GOOD + "fileContent = perhaps", "fileContent=perhaps");
    assertRefused(GOOD + "network = everywhere", "network=everywhere");
    assertRefused(GOOD + "sockets = clamd.ctl", "socket=clamd.ctl");
    assertRefused(GOOD + "content = yara", "content=yara");
    assertRefused(GOOD + "respond = kill, explode", "respond:explode");
    assertRefused(GOOD + "files = etc/passwd", "files=etc/passwd");
    assertRefused(GOOD + "files = /opt/../etc", "files=/opt/../etc");
    assertRefused(GOOD + "files = /", "files=/");
    assertRefused(GOOD + "files = /usr", "files=/usr");
  }

  /// It sees its own folder, and runs what is in it or what its language runs.
  @Test
  void anEngineThatCameAsABundleKeepsToItsFolder() throws IOException {
    String python = "id=acme\nruntime=python\ncommand=/usr/bin/python3 ${here}/engine.py\n";
    assertEquals(List.of("/usr/bin/python3", directory + "/engine.py"), released(python).command());
    assertEquals(List.of(directory), released(python).view().files());
    assertEquals(
        List.of(directory),
        released("id=acme\ncommand=${here}/run\nfiles=${here}/lib\n").view().files());
    assertEquals(
        "/usr/bin/java",
        released("id=acme\nruntime=java\ncommand=${java} -version\n").command().getFirst());
    for (String wrong :
        List.of(
            "id=acme\ncommand=/bin/sh\n",
            "id=acme\ncommand=${here}/../sh\n",
            "id=acme\ncommand=${here}/run\nfiles=/etc/ssl\n",
            "id=acme\ncommand=${here}/run\nfiles=${here}/../other\n",
            "id=acme\ncommand=/usr/bin/python3 ${here}/engine.py\n",
            "id=acme\nruntime=python\ncommand=${java}\n",
            "id=other\ncommand=${here}/run\n")) {
      assertThrows(IllegalArgumentException.class, () -> released(wrong), wrong);
    }
    assertRefused("id=acme.engine\ncommand=/opt/run\n", "releases go under this id");
    assertRefused("id=platform\ncommand=/opt/run\n", "releases go under this id");
  }

  private EngineManifest released(String text) throws IOException {
    Files.writeString(directory.resolve("manifest.engine"), text);
    return EngineManifest.ofRelease(
        directory,
        new EngineId("acme"),
        Optional.empty(),
        Path.of("/usr/bin/java"),
        Path.of("/opt/redoubt"));
  }

  @Test
  void aFileTooLargeIsNotRead() throws IOException {
    Path file = directory.resolve("large.engine");
    Files.writeString(file, "#".repeat(70_000));
    assertThrows(IOException.class, () -> read(file));
  }

  /// Any text gives a manifest within its bounds, or one of the two exceptions that say so.
  @Test
  void noTextSurprises() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Path file = directory.resolve("fuzz.engine");
    for (int i = 0; i < FUZZ_TRIALS; i++) {
      Files.write(file, mutate(GOOD.getBytes(StandardCharsets.UTF_8), random));
      try {
        EngineManifest manifest = read(file);
        assertTrue(manifest.limits().memoryMiB() >= 16 && !manifest.command().isEmpty());
      } catch (IOException | IllegalArgumentException e) {
        // What a broken manifest is owed.
      } catch (RuntimeException e) {
        throw new AssertionError("seed=" + seed + " text=" + Files.readString(file), e);
      }
    }
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    byte[] changed = bytes.clone();
    for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
      byte[] hostile = {0, '\\', 'u', '=', '\n', '$', '{', (byte) 0xC3, (byte) random.nextInt()};
      changed[random.nextInt(changed.length)] = hostile[random.nextInt(hostile.length)];
    }
    return changed;
  }

  private void assertRefused(String text, String named) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> read(text));
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains(named) && message.contains("x.engine"), message);
  }

  private EngineManifest read(String text) throws IOException {
    Path file = directory.resolve("x.engine");
    Files.writeString(file, text);
    return read(file);
  }

  private static EngineManifest read(Path file) throws IOException {
    return EngineManifest.read(file, Path.of("/usr/bin/java"), Path.of("/opt/redoubt"));
  }
}
