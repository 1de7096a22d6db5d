package redoubt.engine.sigma.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redoubt.engine.sigma.Rules;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// Values for placeholders: the owner's, and those of pipelines.
class PlaceholderChangeTest {
  private static final String VARS =
      "vars: {admins: [root, 'adm*'], net: '2001:db8::/32', dir: 'C:\\'}\n";

  private static Rules fitted(
      String key, String value, Map<String, List<String>> values, String... pipelines) {
    Pipelines.Result result = Fitted.apply(rule(key, value), values, pipelines);
    assertEquals(List.of(), result.problems());
    return Rules.of(result.rules());
  }

  private static RuleProblem refusal(String key, String value, String... pipelines) {
    Pipelines.Result result = Fitted.apply(rule(key, value), Map.of(), pipelines);
    assertEquals(1, result.problems().size(), result.problems().toString());
    return result.problems().getFirst();
  }

  private static String rule(String key, String value) {
    return Rules.text("sel:\n  " + key + ": " + value + "\ncondition: sel");
  }

  @Test
  void theOwnersValuesNeedNoPipeline() {
    Rules rules =
        fitted(
            "A|expand",
            "'%admins%@%host%'",
            Map.of("admins", List.of("r", "s"), "host", List.of("h*")));
    assertTrue(rules.match("{\"A\": \"s@home\"}"));
    assertFalse(rules.match("{\"A\": \"s@\"}"));
  }

  @Test
  void valuePlaceholders() {
    Rules rules =
        fitted(
            "A|endswith|expand",
            "'-%admins%'",
            Map.of(),
            VARS + Fitted.steps("{type: value_placeholders}"));
    assertTrue(rules.match("{\"A\": \"x-root\"}"));
    assertTrue(rules.match("{\"A\": \"x-admin\"}"));
    assertFalse(rules.match("{\"A\": \"x-user\"}"));
  }

  @Test
  void valuesOfAPipelineNeedNoStep() {
    assertTrue(fitted("A|expand", "'%admins%'", Map.of(), VARS).match("{\"A\": \"admin\"}"));
  }

  @Test
  void theOwnersValuesComeFirst() {
    Rules rules = fitted("A|expand", "'%admins%'", Map.of("admins", List.of("me")), VARS);
    assertTrue(rules.match("{\"A\": \"me\"}"));
    assertFalse(rules.match("{\"A\": \"root\"}"));
  }

  @Test
  void whatCannotWaitTakesThePipelinesValuesAtOnce() {
    assertTrue(
        fitted("A|cidr|expand", "'%net%'", Map.of(), VARS).match("{\"A\": \"2001:db8::1\"}"));
    assertTrue(fitted("A|re|expand", "'^%admins%$'", Map.of(), VARS).match("{\"A\": \"root\"}"));
    assertEquals(Kind.PLACEHOLDER, refusal("A|re|expand", "'%none%'", VARS).kind());
  }

  @Test
  void aBackslashAtTheEndOfAValueIsACharacter() {
    Rules rules = fitted("A|expand", "'%dir%*.exe'", Map.of(), VARS);
    assertTrue(rules.match("{\"A\": \"C:\\\\x.exe\"}"));
  }

  @Test
  void wildcardPlaceholders() {
    String widen = Fitted.steps("{type: wildcard_placeholders}");
    Rules rules = fitted("A|expand", "'a%x%%y%b'", Map.of(), widen);
    assertTrue(rules.match("{\"A\": \"a123b\"}"));
    assertFalse(rules.match("{\"A\": \"a123\"}"));
    Rules escaped = fitted("A|expand", "'50\\%-60\\%'", Map.of(), widen);
    assertFalse(escaped.match("{\"A\": \"50x\"}"));
    assertTrue(escaped.match("{\"A\": \"50%-60%\"}"));
  }

  @Test
  void placeholdersThatAStepIncludesOrExcludes() {
    String pipeline =
        VARS
            + Fitted.steps(
                "{type: value_placeholders, include: [admins]}",
                "{type: wildcard_placeholders, exclude: [net]}");
    Rules rules = fitted("A|expand", "'%admins%-%other%'", Map.of(), pipeline);
    assertTrue(rules.match("{\"A\": \"root-1\"}"));
    assertFalse(rules.match("{\"A\": \"user-1\"}"));
    assertTrue(
        fitted("A|expand", "'%net%'", Map.of(), pipeline).match("{\"A\": \"2001:db8::/32\"}"));
    assertTrue(
        Fitted.refusalOf(Fitted.steps("{type: value_placeholders, include: [a], exclude: [b]}"))
            .reason()
            .contains("together"));
  }

  @Test
  void placeholdersWithoutValuesAreRefused() {
    String pipeline = VARS + Fitted.steps("{type: value_placeholders}");
    RuleProblem problem = refusal("A|expand", "'%none%'", pipeline);
    assertEquals(Kind.PLACEHOLDER, problem.kind());
    assertTrue(problem.reason().contains("placeholder=%none%"), problem.reason());
    assertEquals(Kind.PLACEHOLDER, refusal("A|expand", "'%none%'", VARS).kind());
  }

  @Test
  void stepsSeeThePlaceholdersThatAreLeft() {
    String pipeline = VARS + Fitted.steps("{type: replace_string, regex: 'x-', replacement: ''}");
    assertTrue(fitted("A|expand", "'x-%admins%'", Map.of(), pipeline).match("{\"A\": \"root\"}"));
    String adding =
        VARS + Fitted.steps("{type: add_condition, conditions: {U|expand: '%admins%'}}");
    Rules rules = fitted("A", "x", Map.of(), adding);
    assertTrue(rules.match("{\"A\": \"x\", \"U\": \"root\"}"));
    assertFalse(rules.match("{\"A\": \"x\", \"U\": \"user\"}"));
  }

  @Test
  void valuesThatMultiplyAreRefused() {
    String many = "vars: {a: [" + "x, ".repeat(2_000) + "y]}\n";
    assertEquals(Kind.PLACEHOLDER, refusal("A|expand", "'%a%%a%'", many).kind());
    assertEquals(Kind.PLACEHOLDER, refusal("A|re|expand", "'%a%%a%'", many).kind());
    String longer = "vars: {a: ['" + "x".repeat(100_000) + "'" + ", y".repeat(200) + "]}\n";
    assertEquals(Kind.PLACEHOLDER, refusal("A|expand", "'%a%%a%'", longer).kind());
  }
}
