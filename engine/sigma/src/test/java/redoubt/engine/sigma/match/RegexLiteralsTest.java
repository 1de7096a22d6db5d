package redoubt.engine.sigma.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
        "hel(lo|la)w hel",
        "(wget|curl).* wget,curl",
        "(?:wget|curl)+ wget,curl",
        "(?i)(?<tool>wget|curl\\b) wget,curl",
        "(wget|curl)?x -",
        "(wget|curl)* -",
        "(wget|curl){0,2} -",
        "(wget|nc) -",
        "(wget|) -",
        "(a(bcd|efg)|hij) bcd,efg,hij",
        "ab(cdefgh|ijk)lmno lmno",
        "(?=look)ahead -",
        "(?<=look)behind -",
        "(?!look)ahead -",
        "(?i:word) word",
        "a\\.b\\\\c a.b\\c",
        "abc[xyz]+defg defg",
        "abcd{2}ef abc",
        "(?i)word word",
        "abc|def abc,def",
        "abc| -",
        "|abc -",
        "ab -",
        "(?x)abcd -",
        "\\x41bcd -",
        "\\Qabc\\E -",
        "abc) -",
        "(abc -",
        "((abc)|def -"
      })
  void findsTheRarestTexts(String expression, String expected) {
    assertEquals(
        expected.equals("-") ? List.of() : List.of(expected.split(",")),
        RegexLiterals.required(expression));
  }

  @Test
  void neitherDepthNorManyAlternativesAreATrouble() {
    assertEquals(
        List.of(), RegexLiterals.required("(".repeat(50_000) + "word" + ")".repeat(50_000)));
    assertEquals(List.of(), RegexLiterals.required("word|".repeat(50_000) + "x"));
    assertEquals(List.of("word"), RegexLiterals.required("word|".repeat(50_000) + "word"));
    StringBuilder many = new StringBuilder("word0");
    for (int i = 1; i < 40; i++) {
      many.append("|word").append(i);
    }
    assertEquals(List.of(), RegexLiterals.required(many.toString()));
  }

  /// Whatever an expression finds contains one of the texts that are said to be required.
  @Test
  void whatIsRequiredIsThere() {
    RandomGenerator random = Seeds.random("whatIsRequiredIsThere");
    int checked = 0;
    for (int i = Seeds.count(200_000); i > 0; i--) {
      String expression = Seeds.text(random, "aaabbb()[]{}*+?|.\\^$d2,", 10);
      List<String> required = RegexLiterals.required(expression);
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
            required.stream().anyMatch(matcher.group()::contains),
            () -> "expression=" + expression + " required=" + required);
      }
    }
    assertTrue(checked > 0, "nothing was found by any expression");
  }
}
