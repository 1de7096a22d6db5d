package redoubt.agent.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import redoubt.core.model.Sha256;

/// The two text forms of a seal: whatever is written is read again, and nothing else is read.
class SealFilesTest {
  private static final int TRIALS = 3_000;
  private static final Passphrase PASSPHRASE = new Passphrase(7, new byte[16], new byte[32]);

  @Test
  void everyListIsReadAsItWasWritten() throws Exception {
    Random random = seeded("everyListIsReadAsItWasWritten");
    for (int i = 0; i < TRIALS; i++) {
      SortedMap<Path, Sha256> digests = new TreeMap<>();
      for (int n = random.nextInt(20); n > 0; n--) {
        digests.put(path(random), digest(random));
      }
      DigestList list = new DigestList(digests);
      assertEquals(list, DigestList.parse(list.format()));
    }
  }

  @Test
  void everySealIsReadAsItWasWritten() throws Exception {
    Random random = seeded("everySealIsReadAsItWasWritten");
    for (int i = 0; i < TRIALS; i++) {
      Seal seal = seal(random);
      assertEquals(seal, SealJson.parse(SealJson.format(seal)));
    }
  }

  @Test
  void noBytesSurpriseAReader() {
    Random random = seeded("noBytesSurpriseAReader");
    for (int i = 0; i < TRIALS; i++) {
      byte[] list = mutated(random, new DigestList(sample(random)).format());
      byte[] seal;
      try {
        seal = mutated(random, SealJson.format(seal(random)));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      assertReadOrRefused(list, SealFilesTest::assertWrittenAsRead);
      assertReadOrRefused(seal, SealJson::parse);
    }
  }

  @Test
  void aLineThatIsNoneIsNamed() {
    String digest = "a".repeat(64);
    for (String line :
        List.of(
            "short  /a",
            digest + " /one-blank",
            digest + "  relative",
            digest + "  ",
            digest + "  /with\ttab",
            "z".repeat(64) + "  /a",
            digest + "  /good\n" + digest + "  /good")) {
      IOException refused =
          assertThrows(
              IOException.class,
              () -> DigestList.parse((line + "\n").getBytes(StandardCharsets.UTF_8)));
      assertTrue(String.valueOf(refused.getMessage()).contains("line="), line);
    }
    assertFalse(DigestList.isWritable("/a\nb"));
    assertFalse(DigestList.isWritable("/a\\b"));
  }

  @Test
  void halfASealIsNone() {
    for (String text :
        List.of(
            "{}",
            "{\"version\":1}",
            "{\"version\":2,\"sealedAt\":\"2026-11-26T00:00:00Z\",\"digests\":\""
                + "0".repeat(64)
                + "\"}",
            "{\"version\":1,\"sealedAt\":\"2026-11-26T00:00:00Z\",\"digests\":\""
                + "0".repeat(64)
                + "\",\"passphrase\":{}}",
            "{\"version\":1,\"sealedAt\":\"2026-11-26T00:00:00Z\",\"digests\":\""
                + "0".repeat(64)
                + "\",\"more\":1}")) {
      assertThrows(
          IOException.class, () -> SealJson.parse(text.getBytes(StandardCharsets.UTF_8)), text);
    }
  }

  @FunctionalInterface
  private interface Reading {
    void read(byte[] text) throws IOException;
  }

  private static void assertReadOrRefused(byte[] text, Reading reading) {
    try {
      reading.read(text);
    } catch (IOException refused) {
      assertFalse(String.valueOf(refused.getMessage()).isEmpty());
    }
  }

  private static void assertWrittenAsRead(byte[] text) throws IOException {
    DigestList read = DigestList.parse(text);
    assertEquals(read, DigestList.parse(read.format()));
  }

  private static SortedMap<Path, Sha256> sample(Random random) {
    SortedMap<Path, Sha256> digests = new TreeMap<>();
    digests.put(path(random), digest(random));
    digests.put(path(random), digest(random));
    return digests;
  }

  private static byte[] mutated(Random random, byte[] text) {
    byte[] changed = text.clone();
    for (int n = random.nextInt(3); n >= 0; n--) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
    }
    return changed;
  }

  private static Seal seal(Random random) {
    return new Seal(
        Instant.ofEpochSecond(random.nextInt(Integer.MAX_VALUE)),
        random.nextInt(Integer.MAX_VALUE),
        digest(random),
        random.nextBoolean(),
        random.nextBoolean() ? Optional.of(PASSPHRASE) : Optional.empty());
  }

  private static Path path(Random random) {
    StringBuilder path = new StringBuilder();
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      path.append('/').append("a é 語b".charAt(random.nextInt(5))).append(random.nextInt(1_000));
    }
    return Path.of(path.toString());
  }

  private static Sha256 digest(Random random) {
    return new Sha256(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  private static Random seeded(String test) {
    long seed = Long.getLong("redoubt.fuzz.seed", System.nanoTime());
    System.out.println("SealFilesTest." + test + ": -Dredoubt.fuzz.seed=" + seed);
    return new Random(seed);
  }
}
