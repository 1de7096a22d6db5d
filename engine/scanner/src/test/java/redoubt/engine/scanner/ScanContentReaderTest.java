package redoubt.engine.scanner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import redoubt.engine.kit.LoadResult.Problem;

class ScanContentReaderTest {
  private static final String DIGEST = "a".repeat(64);
  private static final String RULE = "rule r { condition: true }";

  private ScanContentReader reader(byte[] payload) {
    return new ScanContentReader(new TextPayload(payload), payload.length);
  }

  private static byte[] zip(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> each : new TreeMap<>(files).entrySet()) {
        zip.putNextEntry(new ZipEntry(each.getKey()));
        zip.write(each.getValue().getBytes(UTF_8));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void aListIsTakenAsItIs() throws Exception {
    ScanContent content = reader((DIGEST + " name\n").getBytes(UTF_8)).read().orElseThrow();
    assertEquals(1, content.entries());
    assertEquals("name", content.find(Algorithm.SHA256, DIGEST).orElseThrow().name());
    assertTrue(content.rules().isEmpty());
  }

  @Test
  void anArchiveHasRulesAndLists() throws Exception {
    byte[] archive =
        zip(
            Map.of(
                "a/one.yar",
                RULE,
                "a/two.YARA",
                RULE + " rule s { condition: false }",
                "digests.hashes",
                DIGEST + " name\nnonsense\n",
                "more.hashes",
                "b".repeat(64)));
    ScanContentReader reader = reader(archive);
    ScanContent content = reader.read().orElseThrow();
    assertEquals(5, content.entries());
    assertEquals(3, content.rules().orElseThrow().count());
    assertEquals("name", content.find(Algorithm.SHA256, DIGEST).orElseThrow().name());
    assertTrue(content.find(Algorithm.SHA256, "b".repeat(64)).isPresent());
    assertEquals(1, reader.problems().size());
    assertEquals("digests.hashes line 2", reader.problems().getFirst().place());
  }

  @Test
  void whatIsBadIsNamed() throws Exception {
    ScanContentReader reader =
        reader(zip(Map.of("bad.yar", "rule", "good.yar", RULE, "notes.txt", "hello")));
    assertEquals(1, reader.read().orElseThrow().entries());
    List<String> places = reader.problems().stream().map(Problem::place).sorted().toList();
    assertEquals(List.of("bad.yar", "notes.txt"), places);
  }

  @Test
  void ifNothingIsLeftTheReasonIsNamed() throws Exception {
    for (byte[] payload :
        List.of(
            zip(Map.of("bad.yar", "rule")),
            zip(Map.of("notes.txt", "hello")),
            zip(Map.of("empty.hashes", "")),
            new byte[0],
            "nonsense".getBytes(UTF_8))) {
      ScanContentReader reader = reader(payload);
      assertEquals(Optional.empty(), reader.read());
      assertTrue(!reader.problems().isEmpty());
    }
  }

  /// A file of zeros is a thousandth of its size in an archive.
  @Test
  void anArchiveThatIsTooLargeIsRefused() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("zeros.yar"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 257; i++) {
        zip.write(zeros);
      }
      zip.closeEntry();
    }
    IOException refused = assertThrows(IOException.class, () -> reader(bytes.toByteArray()).read());
    assertTrue(String.valueOf(refused.getMessage()).contains("too much"), refused::toString);
  }

  @Test
  void anyArchiveIsTakenOrRefused() throws Exception {
    int count = Integer.getInteger("redoubt.fuzz.count", 300);
    long seed = Long.getLong("redoubt.fuzz.seed", System.nanoTime());
    System.out.println(
        "ScanContentReaderTest: -Dredoubt.fuzz.count=" + count + " -Dredoubt.fuzz.seed=" + seed);
    Random random = new Random(seed);
    byte[] good = zip(Map.of("one.yar", RULE, "two.hashes", DIGEST));
    int read = 0;
    for (int i = 0; i < count; i++) {
      byte[] payload = good.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        payload[random.nextInt(payload.length)] = (byte) random.nextInt(256);
      }
      try {
        read += reader(payload).read().isPresent() ? 1 : 0;
      } catch (ZipException | java.io.EOFException _) {
        // It is no archive any more.
      }
    }
    assertTrue(read > 0, "none was taken: seed=" + seed);
  }

  @Test
  void theSchemaHashIsThatOfTheDescription() throws Exception {
    byte[] description = Files.readAllBytes(Path.of("../../spec/scanner-content.md"));
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(description);
    assertEquals(HexFormat.of().formatHex(digest), Scanner.SCHEMA_HASH);
  }
}
