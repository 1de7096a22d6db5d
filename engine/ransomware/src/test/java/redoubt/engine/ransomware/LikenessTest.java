package redoubt.engine.ransomware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LikenessTest {
  private static boolean isUnreadable(byte[] bytes, String format) {
    return Likeness.isUnreadable(
        Contents.of(
            Contents.process(9, "/x"), List.of(), "/a", "", Contents.NOW, 0, format, bytes));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void randomBytesAreUnreadableHoweverMany(long seed) {
    Random random = new Random(seed);
    int missed = 0;
    for (int i = 0; i < 400; i++) {
      byte[] bytes = new byte[512 + random.nextInt(60_000)];
      random.nextBytes(bytes);
      missed += isUnreadable(bytes, "") ? 0 : 1;
      assertFalse(isUnreadable(bytes, "gzip"), "what says what it is, is packed");
    }
    assertTrue(missed <= 2, "missed of 400: " + missed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatPeopleReadIsNot(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = new byte[512 + random.nextInt(60_000)];
      random.nextBytes(bytes);
      byte[] base64 = Base64.getEncoder().encode(bytes);
      assertFalse(isUnreadable(base64, ""), "even in Base64");
      byte[] text = new byte[bytes.length];
      for (int at = 0; at < text.length; at++) {
        text[at] =
            (byte) "the quick brown fox jumps over a lazy dog 0123\n".charAt(random.nextInt(47));
      }
      assertFalse(isUnreadable(text, ""));
    }
  }

  /// Some encrypt only every so many bytes, to be quicker.
  @Test
  void onePartIsEnough() {
    Random random = new Random(7);
    byte[] bytes = "a line of text\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
    assertFalse(isUnreadable(bytes, ""));
    byte[] part = new byte[8_192];
    random.nextBytes(part);
    byte[] begun = bytes.clone();
    System.arraycopy(part, 0, begun, 0, part.length);
    assertTrue(isUnreadable(begun, ""));
    byte[] ended = bytes.clone();
    System.arraycopy(part, 0, ended, ended.length - part.length, part.length);
    assertTrue(isUnreadable(ended, ""));
    assertFalse(isUnreadable(Arrays.copyOf(part, 100), ""), "too few to tell");
  }

  @Test
  void namesSayWhatIsExpected() {
    assertTrue(Likeness.isNameOfReadable("/home/ada/Plan.ODT"));
    assertFalse(Likeness.isNameOfReadable("/home/ada/.odt"));
    assertFalse(Likeness.isNameOfReadable("/home/a.odt/x"));
    assertEquals("/home/a.b/plan.odt", Likeness.withoutAddition("/home/a.b/plan.odt.locked"));
    assertEquals("", Likeness.withoutAddition("/home/a.b/plan"));
    assertEquals("", Likeness.withoutAddition("/home/a.b/.plan"));
  }
}
