package redoubt.agent.quarantine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;

class QuarantinedFileJsonTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
  void whatIsWrittenIsReadAgain(long seed) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      QuarantinedFile file = file(random);
      assertEquals(file, QuarantinedFileJson.parse(QuarantinedFileJson.format(file)));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8})
  void whateverTheBytesTheyAreARecordOrRefused(long seed) throws Exception {
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      byte[] text = QuarantinedFileJson.format(file(random));
      int changes = 1 + random.nextInt(4);
      for (int change = 0; change < changes; change++) {
        text[random.nextInt(text.length)] = (byte) random.nextInt(256);
      }
      try {
        QuarantinedFile read = QuarantinedFileJson.parse(text);
        assertTrue(read.path().length() > 1, "what is read can be used");
        assertEquals(read, QuarantinedFileJson.parse(QuarantinedFileJson.format(read)));
      } catch (IOException _) {
        refused++;
      }
    }
    assertTrue(refused > 500, "most are refused: " + refused);
  }

  @Test
  void halfARecordIsNone() throws Exception {
    String whole =
        new String(QuarantinedFileJson.format(file(new Random(1))), StandardCharsets.UTF_8);
    for (String field : List.of("mode", "path", "state", "copied", "at", "target", "version")) {
      String without = whole.replaceFirst("\n  \"" + field + "\" : [^\n]*", "");
      assertThrows(IOException.class, () -> parse(without), field);
    }
    assertThrows(IOException.class, () -> parse(whole + "x"));
    assertThrows(IOException.class, () -> parse(whole.replace("\"mode\"", "\"mood\"")));
    assertThrows(
        IOException.class, () -> parse(whole.replaceFirst("\"path\" : \"[^\"]*", "\"path\" : \"")));
    assertThrows(
        IOException.class,
        () -> parse(whole.replaceFirst("\"aside\" : \"[^\"]*", "\"aside\" : \"../../etc/passwd")));
    assertThrows(IOException.class, () -> parse(""));
  }

  private static QuarantinedFile parse(String text) throws IOException {
    return QuarantinedFileJson.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static QuarantinedFile file(Random random) {
    Map<String, Octets> attributes = new HashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      attributes.put("user." + random.nextInt(100), bytes(random, random.nextInt(500)));
    }
    return new QuarantinedFile(
        1 + random.nextInt(1_000),
        List.of(QuarantinedFile.State.values())
            .get(random.nextInt(QuarantinedFile.State.values().length)),
        random.nextBoolean(),
        path(random),
        random.nextBoolean() ? Sha256.hash(new byte[] {(byte) random.nextInt()}) : null,
        random.nextLong(1L << 40),
        random.nextLong(),
        random.nextLong(),
        random.nextInt(10),
        new FileProperties(
            random.nextInt(010000),
            random.nextInt(),
            random.nextInt(),
            random.nextLong(),
            random.nextLong(),
            random.nextInt(1 << 20) - 1,
            attributes),
        ".redoubt-" + Long.toHexString(random.nextLong()),
        random.nextBoolean() ? path(random) : QuarantinedFile.NOWHERE,
        new QuarantinedFile.Arrival(random.nextLong(), random.nextLong()),
        new QuarantineCause(
            "scanner",
            "rule \" \n " + random.nextInt(),
            "",
            random.nextInt(3) - 1,
            Instant.ofEpochMilli(random.nextLong(1L << 41))));
  }

  /// Any bytes but NUL, as the kernel takes them.
  private static Octets path(Random random) {
    byte[] bytes = bytes(random, 2 + random.nextInt(300)).toArray();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == 0 ? 1 : bytes[i];
    }
    bytes[0] = '/';
    bytes[bytes.length - 1] = 'x';
    return Octets.of(bytes);
  }

  private static Octets bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Octets.of(bytes);
  }
}
