package redoubt.agent.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExceptionsJsonTest {
  private static final String DIGEST = "ab".repeat(32);
  private static final List<ExceptionEntry.Kind> KINDS = List.of(ExceptionEntry.Kind.values());
  private static final String GOOD =
      """
      {"version": 1, "generation": 3, "exceptions": [
        {"id": "x1", "kind": "hash", "value": "%s", "engine": "*", "addedBy": 0,
         "added": "2026-11-23T10:00:00Z", "comment": "why"}]}
      """
          .formatted(DIGEST);

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatIsWrittenIsRead(long seed) throws IOException {
    Random random = new Random(seed);
    List<ExceptionEntry> entries = new ArrayList<>();
    for (int i = 0; i < random.nextInt(40); i++) {
      entries.add(randomEntry(i, random));
    }
    ExceptionsJson.Document document =
        new ExceptionsJson.Document(random.nextLong(1L << 60), entries);

    assertEquals(document, ExceptionsJson.parse(ExceptionsJson.format(document)));
  }

  @Test
  void readsTheDocumentedForm() throws IOException {
    ExceptionsJson.Document document = ExceptionsJson.parse(GOOD.getBytes(UTF_8));

    assertEquals(3, document.generation());
    assertEquals(DIGEST, document.entries().getFirst().value());
    assertEquals("why", document.entries().getFirst().comment());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"version\":2,\"generation\":1,\"exceptions\":[]}",
        "{\"version\":1,\"exceptions\":[]}",
        "{\"version\":1,\"generation\":1}",
        "{\"version\":1,\"generation\":1,\"exceptions\":[]} x",
        "{\"version\":1,\"version\":1,\"generation\":1,\"exceptions\":[]}",
        "{\"version\":1,\"generation\":1,\"exceptions\":[],\"more\":1}",
        "{\"version\":1,\"generation\":1,\"exceptions\":[null]}",
        "{\"version\":1,\"generation\":1,\"exceptions\":[{}]}",
        "{\"version\":1,\"generation\":1e9,\"exceptions\":[]}",
        "{\"version\":1,\"generation\":99999999999999999999,\"exceptions\":[]}",
      })
  void refusesWhatIsNoDocument(String text) {
    assertThrows(IOException.class, () -> ExceptionsJson.parse(text.getBytes(UTF_8)));
  }

  @Test
  void refusesEachFieldOutOfItsRange() {
    refuses("\"id\": \"x1\"", "\"id\": \"X 1\"");
    refuses("\"kind\": \"hash\"", "\"kind\": \"any\"");
    refuses("\"kind\": \"hash\"", "\"kind\": \"path\"");
    refuses(DIGEST, DIGEST.substring(1));
    refuses(DIGEST, DIGEST.replace('a', 'A'));
    refuses("\"engine\": \"*\"", "\"engine\": \"UPPER\"");
    refuses("\"addedBy\": 0", "\"addedBy\": -1");
    refuses("2026-11-23T10:00:00Z", "yesterday");
    refuses("\"why\"", "\"" + "y".repeat(257) + "\"");
    refuses("\"why\"", "\"a\\u001bb\"");
    refuses("\"why\"", "\"why\", \"until\": null");
    refuses("\"why\"", "\"why\", \"files\": [\"/a/../b\"]");
    refuses("\"comment\"", "\"id\": \"x2\", \"comment\"");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13})
  void brokenBytesAreAnIoExceptionOrAValidDocument(long seed) throws IOException {
    Random random = new Random(seed);
    byte[] good = GOOD.getBytes(UTF_8);
    for (int i = 0; i < 4_000; i++) {
      byte[] bytes = mutate(good, random);
      try {
        assertTrue(ExceptionsJson.parse(bytes).entries().size() <= ExceptionsJson.MAX_ENTRIES);
      } catch (IOException expected) {
        assertTrue(expected.getMessage() != null);
      }
    }
  }

  private static void refuses(String good, String bad) {
    String text = GOOD.replace(good, bad);
    assertTrue(!text.equals(GOOD), good);
    assertThrows(IOException.class, () -> ExceptionsJson.parse(text.getBytes(UTF_8)), bad);
  }

  private static byte[] mutate(byte[] good, Random random) {
    byte[] bytes = Arrays.copyOf(good, good.length - random.nextInt(3) * random.nextInt(40));
    for (int changes = random.nextInt(4); changes >= 0; changes--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static ExceptionEntry randomEntry(int number, Random random) {
    ExceptionEntry.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
    String value =
        switch (kind) {
          case HASH -> String.format("%064x", random.nextInt(1 << 20));
          case PATH -> "/opt/ä \"" + random.nextInt(100) + (random.nextBoolean() ? "/" : "");
          case PACKAGE -> "package-" + random.nextInt(100);
        };
    List<String> files =
        kind == ExceptionEntry.Kind.PACKAGE && random.nextBoolean()
            ? List.of("/usr/bin/a", "/usr/bin/b\n")
            : List.of();
    return new ExceptionEntry(
        "x" + number,
        kind,
        value,
        random.nextBoolean() ? "*" : "scanner",
        random.nextBoolean() ? null : Instant.ofEpochMilli(random.nextLong(1L << 41)),
        random.nextInt(70_000),
        Instant.ofEpochSecond(random.nextLong(1L << 32), random.nextInt(1_000_000_000)),
        "it's \\ \"fine\"",
        files);
  }
}
