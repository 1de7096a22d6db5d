package redoubt.core.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.model.EngineId;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.core.wire.BundleManifest.Role;
import redoubt.core.wire.BundleManifest.VersionRange;
import redoubt.core.wire.TestVector;

class BundleFileTest {
  private static final BundleManifest MANIFEST =
      new BundleManifest(
          "acme",
          new EngineId("sigma"),
          "rules",
          7,
          Instant.ofEpochMilli(1_764_000_000_000L),
          "",
          VersionRange.ALL,
          new Limits(1_000, 1_000, 100),
          List.of(),
          List.of());
  private static final byte[] CONTENT = "what an engine loads".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;
  private Path content;
  private Path target;

  @BeforeEach
  void create() throws IOException {
    content = Files.write(folder.resolve("content"), CONTENT);
    target = folder.resolve("a.bundle");
  }

  private static List<TestVector> vectors(int count) {
    return IntStream.range(0, count)
        .mapToObj(i ->
            TestVector.ofActivity(
                "vector " + i,
                List.of(new HostEvent.ProcessStart(i, ProcessInfo.UNKNOWN, ProcessInfo.UNKNOWN)),
                Set.of("rule"),
                Set.of("rule field")))
        .toList();
  }

  private static byte[] contentOf(BundleFile bundle) throws Exception {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    bundle.copyContentTo(Channels.newChannel(copy));
    return copy.toByteArray();
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    BundleFile written = BundleWriter.write(target, MANIFEST, content, vectors(300));
    BundleFile read = BundleFile.open(target);
    assertEquals(written.manifest(), read.manifest());
    assertEquals(MANIFEST, read.manifest().withFiles(List.of()));
    assertEquals(300, read.verify());
    assertArrayEquals(CONTENT, contentOf(read));
    List<TestVector> again = new ArrayList<>();
    read.forEachVector(again::add);
    assertEquals(vectors(300), again);
  }

  @Test
  void theSameGivesTheSameBytes() throws Exception {
    BundleWriter.write(target, MANIFEST, content, vectors(3));
    Path other = folder.resolve("b.bundle");
    BundleWriter.write(other, MANIFEST, content, vectors(3));
    assertEquals(-1, Files.mismatch(target, other));
  }

  @Test
  void nothingAppearsThatCannotBeRead() throws Exception {
    List<TestVector> twice = new ArrayList<>(vectors(1));
    twice.addAll(vectors(1));
    ContentException problem =
        assertThrows(
            ContentException.class, () -> BundleWriter.write(target, MANIFEST, content, twice));
    assertTrue(problem.getMessage().startsWith("two vectors of one name"), problem.getMessage());
    BundleManifest nameless =
        new BundleManifest(
            "a/b",
            MANIFEST.engine(),
            "rules",
            1,
            MANIFEST.created(),
            "",
            VersionRange.ALL,
            MANIFEST.limits(),
            List.of(),
            List.of());
    assertThrows(
        ContentException.class, () -> BundleWriter.write(target, nameless, content, vectors(1)));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(content), files.toList());
    }
  }

  @Test
  void aLinkIsNoBundle() throws Exception {
    BundleWriter.write(target, MANIFEST, content, vectors(1));
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);
    assertThrows(IOException.class, () -> BundleFile.open(link));
  }

  /// A changed byte of a file in the bundle is always noticed; one of the manifest is, or it is a
  /// manifest that says something else of the same files, which is for signatures to notice.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whatIsChangedIsNoticed(long seed) throws Exception {
    BundleFile sound = BundleWriter.write(target, MANIFEST, content, vectors(5));
    byte[] bytes = Files.readAllBytes(target);
    long filesBegin =
        bytes.length
            - sound.manifest().files().stream().mapToLong(BundleManifest.File::sizeBytes).sum();
    SplittableRandom random = new SplittableRandom(seed);
    Path changed = folder.resolve("changed");
    for (int i = 0; i < 1_000; i++) {
      byte[] other = bytes.clone();
      int at = random.nextInt(bytes.length);
      boolean cut = random.nextInt(4) == 0;
      if (cut) {
        other = Arrays.copyOf(other, random.nextBoolean() ? at : bytes.length + 1 + at);
      } else {
        other[at] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(changed, other);
      try {
        BundleFile bundle = BundleFile.open(changed);
        assertFalse(cut, "a file of another length");
        bundle.verify();
        assertTrue(at < filesBegin, "a change in a file of the bundle: at=" + at);
        assertArrayEquals(CONTENT, contentOf(bundle));
        assertEquals(sound.manifest().file(Role.CONTENT), bundle.manifest().file(Role.CONTENT));
      } catch (ContentException e) {
        assertTrue(e.getMessage().length() < 2_000);
      }
    }
  }
}
