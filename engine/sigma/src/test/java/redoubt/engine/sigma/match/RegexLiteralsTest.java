package redoubt.engine.sigma.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redoubt.engine.sigma.Seeds;

class RegexLiteralsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "hello hello",
        "a.hello hello",
        "helloo*x hello",
        "hell(o|a)world world",
        "a\\.b\\\\c a.b\\c",
        "abc[xyz]+defg defg",
        "abcd{2}ef abc",
        "(?i)word word",
        "abc|def -",
        "ab -",
        "(?x)abcd -",
        "\\x41bcd -",
        "\\Qabc\\E -",
        "abc) -"
      })
  void findsTheLongestText(String expression, String expected) {
    assertEquals(
        expected.equals("-") ? Optional.empty() : Optional.of(expected),
        RegexLiterals.required(expression));
  }

  /// Whatever an expression finds contains the text that is said to be required.
  @Test
  void whatIsRequiredIsThere() {
    RandomGenerator random = Seeds.random("whatIsRequiredIsThere");
    int checked = 0;
    for (int i = Seeds.count(200_000); i > 0; i--) {
      String expression = Seeds.text(random, "aaabbb()[]{}*+?|.\\^$d2,", 10);
      Optional<String> required = RegexLiterals.required(expression);
      if (required.isEmpty()) {
        continue;
      }
      Matcher matcher;
      try {
        matcher = Pattern.compile(expression).matcher(Seeds.text(random, "aaabbb2", 12));
      } catch (PatternSyntaxException e) {
        continue;
      }
      if (matcher.find()) {
        checked++;
        assertTrue(
            matcher.group().contains(required.get()),
            () -> "expression=" + expression + " required=" + required.get());
      }
    }
    assertTrue(checked > 0, "nothing was found by any expression");
  }
}
