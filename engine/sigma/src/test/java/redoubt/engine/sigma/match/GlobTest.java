package redoubt.engine.sigma.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import redoubt.engine.sigma.Seeds;
import redoubt.engine.sigma.rule.TextPattern;

/// A glob says what the regular expression of the same meaning says.
class GlobTest {
  private static final String LETTERS = "aab€😀\n-–/";
  private static final String PATTERN_LETTERS = "aab€😀\n**??";

  @Test
  void saysWhatARegularExpressionSays() {
    RandomGenerator random = Seeds.random("saysWhatARegularExpressionSays");
    for (int i = Seeds.count(50_000); i > 0; i--) {
      List<TextPattern.Part> parts =
          new ArrayList<>(TextPattern.parse(Seeds.text(random, PATTERN_LETTERS, 8)).parts());
      if (random.nextInt(3) == 0) {
        parts.add(random.nextInt(parts.size() + 1), TextPattern.Wildcard.DASH);
      }
      TextPattern pattern = new TextPattern(parts);
      String value = Seeds.text(random, LETTERS, 8);
      byte[] bytes = ("<" + value + ">").getBytes(StandardCharsets.UTF_8);
      assertEquals(
          regex(pattern).matcher(value).matches(),
          new Glob(pattern, true).matches(bytes, 1, bytes.length - 1),
          () -> "pattern=" + pattern + " value=" + value);
    }
  }

  private static Pattern regex(TextPattern pattern) {
    StringBuilder regex = new StringBuilder();
    for (TextPattern.Part part : pattern.parts()) {
      switch (part) {
        case TextPattern.Literal(String text) -> regex.append(Pattern.quote(text));
        case TextPattern.Wildcard.ANY -> regex.append(".*");
        case TextPattern.Wildcard.ONE -> regex.append(".");
        case TextPattern.Wildcard.DASH -> regex.append("[-/\u2013\u2014\u2015]");
        case TextPattern.Placeholder _ -> throw new AssertionError(pattern);
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  @Test
  void noPatternTakesLong() {
    TextPattern pattern = TextPattern.parse("*a".repeat(200) + "*b");
    byte[] value = "a".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> new Glob(pattern, true).matches(value, 0, value.length));
  }
}
