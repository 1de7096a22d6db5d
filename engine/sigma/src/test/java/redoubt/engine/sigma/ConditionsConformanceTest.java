package redoubt.engine.sigma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// Conditions, row by row of the Sigma specification 2.1.0.
class ConditionsConformanceTest {
  private static final String MANY_STARS = "x*****************************x";
  private static final String DETECTIONS =
      "sel_a:\n  A: 1\nsel_b:\n  B: 1\nfilter-c:\n  C: 1\n_hidden:\n  D: 1\n1st:\n  E: 1\n";

  private static Rules condition(String condition) {
    return Rules.detecting(DETECTIONS + "condition: " + condition);
  }

  /// Which of A to E are 1 in an event that matches, and which in one that does not.
  @ParameterizedTest
  @CsvSource({
    "sel_a, A, B",
    "sel_a and sel_b, AB, A",
    "sel_a or sel_b, B, C",
    "not sel_a, B, A",
    "not not sel_a, A, B",
    "sel_a and not filter-c, A, AC",
    "1st, E, A",
    // not binds closer than and, and closer than or
    "sel_a or sel_b and filter-c, A, B",
    "not sel_a and sel_b, B, AB",
    "(sel_a or sel_b) and filter-c, AC, A",
    "not (sel_a or sel_b), C, A",
    "((sel_a)), A, B",
    "1 of sel_*, B, C",
    "any of sel_*, A, C",
    "all of sel_*, AB, A",
    "1 of *_b, B, A",
    "1 of s*_*, A, C",
    "all of sel_* and not 1 of filter-*, AB, ABC",
    // them and patterns leave out what begins with an underscore
    "1 of them, E, D",
    "all of them, ABCE, ABCD",
    "1 of _*, D, A",
    "1 of *hidden or sel_b, B, D",
  })
  void conditions(String condition, String matching, String other) {
    if (condition.contains("*hidden")) {
      RuleProblem problem = Rules.refusal(DETECTIONS + "condition: " + condition);
      assertEquals(Kind.CONDITION, problem.kind(), "no name but a hidden one fits");
      return;
    }
    Rules rules = condition(condition);
    assertTrue(rules.match(event(matching)), matching);
    assertFalse(rules.match(event(other)), other);
  }

  private static String event(String ones) {
    StringBuilder event = new StringBuilder("{\"x\": 0");
    for (String field : ones.split("")) {
      event.append(", \"").append(field).append("\": 1");
    }
    return event.append("}").toString();
  }

  @Test
  void aListOfConditionsIsOr() {
    Rules rules = condition("[sel_a, sel_b and filter-c]");
    assertTrue(rules.match(event("A")));
    assertTrue(rules.match(event("BC")));
    assertFalse(rules.match(event("B")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nobody",
        "sel_a and",
        "and sel_a",
        "(sel_a",
        "sel_a)",
        "sel_a sel_b",
        "sel_a AND sel_b",
        "NOT sel_a",
        "1 of nobody*",
        "2 of sel_*",
        "1 of ?",
        "1 of " + MANY_STARS,
        "1 of",
        "sel_a | count() > 5",
        "'sel_a & sel_b'",
        "''"
      })
  void aConditionThatCannotBeReadIsRefusedWithItsLine(String condition) {
    RuleProblem problem = Rules.refusal(DETECTIONS + "condition: " + condition);
    assertEquals(Kind.CONDITION, problem.kind(), problem.reason());
    assertEquals(15, problem.origin().line());
  }

  @Test
  void parenthesesWithoutEndAreRefused() {
    String deep = "(".repeat(10_000) + "sel_a" + ")".repeat(10_000);
    assertEquals(Kind.CONDITION, Rules.refusal(DETECTIONS + "condition: " + deep).kind());
    String chain = "not ".repeat(10_000) + "sel_a";
    assertEquals(Kind.CONDITION, Rules.refusal(DETECTIONS + "condition: " + chain).kind());
  }
}
