package redoubt.core.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Folding eight bytes at a time gives what folding code point by code point gives.
class FoldingTest {
  @Test
  void foldsAsCodePointByCodePoint() {
    RandomGenerator random = Seeds.random("foldsAsCodePointByCodePoint");
    for (int i = Seeds.count(100_000); i > 0; i--) {
      String text = Seeds.text(random, "@AZ[`az{ÄßİſKΣςẞ€😀 ", 30);
      StringBuilder expected = new StringBuilder();
      text.codePoints()
          .forEach(point ->
              expected.appendCodePoint(Character.toLowerCase(Character.toUpperCase(point))));
      assertArrayEquals(
          expected.toString().getBytes(StandardCharsets.UTF_8), Folding.fold(text), text);
    }
  }

  @Test
  void whatIsFoldedStaysAsItIs() {
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
        byte[] folded = Folding.fold(Character.toString(point));
        assertArrayEquals(
            folded, Folding.fold(new String(folded, StandardCharsets.UTF_8)), "point=" + point);
      }
    }
  }
}
