package redoubt.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WireTextTest {
  @Test
  void textWithinItsLimitIsKept() {
    assertEquals("", WireText.cut("", 1));
    assertEquals("abc", WireText.cut("abc", 3));
    assertEquals("😀😀", WireText.cut("😀😀", 2));
  }

  @Test
  void longerTextEndsWithAMark() {
    assertEquals("ab…", WireText.cut("abcd", 3));
    assertEquals("😀…", WireText.cut("😀😀😀", 2));
  }

  @Test
  void pathsAreCutByBytesAndNeverWithinACharacter() {
    String fits = "/" + "x".repeat(WireLimits.PATH_BYTES - 1);
    assertEquals(fits, WireText.cutPath(fits));
    for (String one : new String[] {"x", "é", "漢", "😀"}) {
      String cut = WireText.cutPath("/" + one.repeat(WireLimits.PATH_BYTES));
      int lengthBytes = cut.getBytes(StandardCharsets.UTF_8).length;
      assertTrue(cut.endsWith(one + "…"), cut);
      assertTrue(
          lengthBytes <= WireLimits.PATH_BYTES && lengthBytes > WireLimits.PATH_BYTES - 4, cut);
    }
  }
}
