package redoubt.core.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.model.EngineId;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.core.wire.BundleManifest.VersionRange;

/// Engines in bundles, and the folders in which they lie on a host.
class ProgramFolderTest {
  @TempDir Path scratch;
  private Path program;
  private Path folder;

  @BeforeEach
  void create() throws IOException {
    program = Files.createDirectories(scratch.resolve("program"));
    folder = scratch.resolve("engines/acme/digest");
    Files.writeString(program.resolve("manifest.engine"), "id=acme");
    Path bin = Files.createDirectories(program.resolve("bin"));
    executable(Files.writeString(bin.resolve("engine"), "#!/bin/sh\n".repeat(40_000)));
    Files.createFile(bin.resolve("empty"));
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
  }

  private BundleFile bundle() throws IOException, ContentException {
    Path content = Files.writeString(scratch.resolve("content"), "content");
    BundleManifest manifest =
        new BundleManifest(
            "acme",
            new EngineId("acme").releases(),
            "engine",
            1,
            Instant.EPOCH,
            "",
            VersionRange.ALL,
            new Limits(1, 1, 16),
            List.of(),
            List.of());
    return BundleWriter.writeRelease(
        scratch.resolve("a.bundle"), manifest, content, List.of(), program);
  }

  private List<String> listed() throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private void assertWhole() throws IOException {
    assertEquals(List.of("bin/empty", "bin/engine", "manifest.engine"), listed());
    for (String name : listed()) {
      assertEquals(-1, Files.mismatch(program.resolve(name), folder.resolve(name)), name);
      assertEquals(
          name.equals("bin/engine") ? "rwxr-xr-x" : "rw-r--r--",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))));
    }
    try (Stream<Path> beside = Files.list(folder.resolveSibling(""))) {
      assertEquals(List.of(folder), beside.toList());
    }
  }

  @Test
  void whatIsPackedIsWhatIsThere() throws Exception {
    BundleFile bundle = bundle();
    assertEquals(0, bundle.verify());
    ProgramFolder.bring(bundle, folder);
    assertWhole();
    long inode = (long) Files.getAttribute(folder, "unix:ino");
    ProgramFolder.bring(bundle, folder);
    assertEquals(inode, (long) Files.getAttribute(folder, "unix:ino"), "what is whole stays");
  }

  @Test
  void whateverIsNotAsItWasIsWrittenAnew() throws Exception {
    BundleFile bundle = bundle();
    List<Damage> damages =
        List.of(
            () -> Files.writeString(folder.resolve("bin/engine"), "torn"),
            () -> Files.writeString(folder.resolve("manifest.engine"), "id=evil"),
            () -> Files.delete(folder.resolve("bin/empty")),
            () -> Files.writeString(folder.resolve("more"), "x"),
            () -> executable(folder.resolve("manifest.engine")),
            () -> {
              Files.delete(folder.resolve("bin/empty"));
              Files.createSymbolicLink(folder.resolve("bin/empty"), Path.of("/dev/null"));
            },
            // As after a power cut on the way.
            () ->
                Files.writeString(
                    Files.createDirectories(folder.resolveSibling("digest.new")).resolve("x"),
                    "half"));
    for (Damage damage : damages) {
      ProgramFolder.bring(bundle, folder);
      damage.happen();
      ProgramFolder.clear(folder.resolveSibling(""), Set.of("digest"));
      ProgramFolder.bring(bundle, folder);
      assertWhole();
    }
    ProgramFolder.clear(folder.resolveSibling(""), Set.of());
    assertFalse(Files.exists(folder));
  }

  private interface Damage {
    void happen() throws IOException;
  }

  @Test
  void onlyFilesAndFoldersGoIn() throws Exception {
    Files.createSymbolicLink(program.resolve("passwd"), Path.of("/etc/passwd"));
    ContentException link = assertThrows(ContentException.class, this::bundle);
    assertTrue(link.getMessage().contains("neither a file nor a folder"), link.getMessage());
    Files.delete(program.resolve("passwd"));
    Files.createFile(program.resolve("a name"));
    ContentException name = assertThrows(ContentException.class, this::bundle);
    assertTrue(name.getMessage().contains("path=a name"), name.getMessage());
  }

  /// What a bundle says of its engine and what is in it never differ on a host.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aChangedEngineIsNeverBrought(long seed) throws Exception {
    BundleFile sound = bundle();
    byte[] bytes = Files.readAllBytes(sound.file());
    SplittableRandom random = new SplittableRandom(seed);
    Path changed = scratch.resolve("changed");
    for (int i = 0; i < 200; i++) {
      byte[] other = bytes.clone();
      // The engine's files are the last of the bundle; half of the changes hit the manifest.
      int at = random.nextBoolean() ? random.nextInt(600) : random.nextInt(bytes.length);
      other[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(changed, other);
      assertNotEquals(-1, Arrays.mismatch(bytes, other));
      try {
        BundleFile bundle = BundleFile.open(changed);
        ProgramFolder.bring(bundle, folder);
        for (BundleManifest.ProgramFile file : bundle.manifest().program()) {
          Path brought = folder.resolve(file.path());
          assertTrue(brought.normalize().startsWith(folder), file.path());
          assertEquals(file.sha256(), FileDigest.of(brought), file.path());
        }
      } catch (ContentException e) {
        assertTrue(e.getMessage().getBytes(StandardCharsets.UTF_8).length < 2_000, e.getMessage());
      }
    }
  }
}
