package redoubt.engine.sigma.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import redoubt.engine.sigma.Seeds;

class MatchConditionParserTest {
  private static final List<String> RULES = List.of("r0", "r1", "r2", "r3", "r4");

  private static List<Alternative> parse(String condition) throws RuleException {
    return MatchConditionParser.parse(condition, List.of(), 1).alternatives();
  }

  private static Alternative alternative(List<Integer> required, Integer... forbidden) {
    return new Alternative(required, List.of(forbidden));
  }

  @Test
  void bindsAsConditionsOfDetectionsDo() throws Exception {
    assertEquals(
        List.of(alternative(List.of(0)), alternative(List.of(1), 2)), parse("a or b and not c"));
    assertEquals(
        List.of(alternative(List.of(0), 2), alternative(List.of(1), 2)),
        parse("(a or b) and not c"));
    assertEquals(
        List.of(alternative(List.of(0), 1), alternative(List.of(0), 2)),
        parse("a and not (b and c)"));
    assertEquals(List.of(alternative(List.of(0))), parse("not not a"));
  }

  @Test
  void dropsWhatAnotherAlternativeCovers() throws Exception {
    assertEquals(List.of(alternative(List.of(0))), parse("a or a and b"));
    assertEquals(List.of(alternative(List.of(1))), parse("(a and not a) or b"));
  }

  @Test
  void takesTheRulesFromTheConditionInItsOrder() throws Exception {
    MatchConditionParser.Result result =
        MatchConditionParser.parse(
            "second and (5a7d4e0e-0f0b-4c3c-9f7e-3a1f6f1e8a01 or second)", List.of(), 1);
    assertEquals(List.of("second", "5a7d4e0e-0f0b-4c3c-9f7e-3a1f6f1e8a01"), result.rules());
    assertEquals(
        List.of("b", "a"), MatchConditionParser.parse("a and b", List.of("b", "a"), 1).rules());
  }

  @Test
  void refusesWhatComesToTooMuch() {
    StringBuilder wide = new StringBuilder("x");
    for (int i = 0; i < 8; i++) {
      wide.append(" and (a").append(i).append(" or b").append(i).append(')');
    }
    RuleException tooWide = assertThrows(RuleException.class, () -> parse(wide.toString()));
    assertEquals(RuleProblem.Kind.UNSUPPORTED, tooWide.kind(), tooWide.reason());
    assertThrows(RuleException.class, () -> parse("a" + " and a".repeat(10_000)));
    assertThrows(RuleException.class, () -> parse("not ".repeat(1_000) + "a"));
    assertThrows(RuleException.class, () -> parse("(".repeat(100_000)));
  }

  /// What a condition says is what its alternatives say, whatever matched.
  @Test
  void alternativesMeanWhatTheConditionSays() {
    RandomGenerator random = Seeds.random("alternativesMeanWhatTheConditionSays");
    int read = 0;
    for (int i = Seeds.count(4_000); i > 0; i--) {
      StringBuilder text = new StringBuilder();
      Expression expression = expression(random, 4, text);
      MatchConditionParser.Result result;
      try {
        result =
            MatchConditionParser.parse(
                text + " and r0 or r4 and r3 and r2 and r1 and r0", List.of(), 1);
      } catch (RuleException e) {
        assertEquals(RuleProblem.Kind.UNSUPPORTED, e.kind(), text.toString());
        continue;
      }
      read++;
      for (int matched = 0; matched < 1 << RULES.size(); matched++) {
        int set = matched;
        IntPredicate byName = rule -> ((set >> rule) & 1) != 0;
        boolean expected =
            (expression.holds(byName) && byName.test(0)) || set == (1 << RULES.size()) - 1;
        IntPredicate byNumber = number -> byName.test(RULES.indexOf(result.rules().get(number)));
        boolean found = result.alternatives().stream().anyMatch(one -> one.holds(byNumber));
        assertEquals(expected, found, () -> text + " matched=" + set);
      }
    }
    assertTrue(read > 0);
  }

  private interface Expression {
    boolean holds(IntPredicate matched);
  }

  /// Writes a random condition, in parentheses where it needs them.
  private static Expression expression(RandomGenerator random, int depth, StringBuilder text) {
    int kind = depth == 0 ? 0 : random.nextInt(4);
    if (kind == 0) {
      int rule = random.nextInt(RULES.size());
      text.append(RULES.get(rule));
      return matched -> matched.test(rule);
    }
    if (kind == 1) {
      text.append("not ");
      Expression part = expression(random, depth - 1, text);
      return matched -> !part.holds(matched);
    }
    text.append('(');
    Expression left = expression(random, depth - 1, text);
    text.append(kind == 2 ? " and " : " or ");
    Expression right = expression(random, depth - 1, text);
    text.append(')');
    return kind == 2
        ? matched -> left.holds(matched) && right.holds(matched)
        : matched -> left.holds(matched) || right.holds(matched);
  }
}
