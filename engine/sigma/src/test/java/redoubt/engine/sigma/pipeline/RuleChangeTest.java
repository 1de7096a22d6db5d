package redoubt.engine.sigma.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redoubt.engine.sigma.Rules;
import redoubt.engine.sigma.rule.LogSource;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.RuleProblem.Kind;
import redoubt.engine.sigma.rule.Selection;

/// Transformations of rules as a whole.
class RuleChangeTest {
  private static final String SEL = "sel: {A: x}\ncondition: sel";

  @Test
  void changeLogsource() {
    String step = "{type: change_logsource, product: Windows, service: sysmon}";
    assertEquals(new LogSource("", "windows", "sysmon"), Fitted.rule(SEL, step).logSource());
  }

  @Test
  void addCondition() {
    Rules rules =
        Fitted.detecting(
            SEL, "{type: add_condition, name: n, conditions: {EventID: [1, 2], 'B|endswith': y}}");
    assertTrue(rules.match("{\"A\": \"x\", \"EventID\": 2, \"B\": \"xy\"}"));
    assertFalse(rules.match("{\"A\": \"x\", \"EventID\": 3, \"B\": \"xy\"}"));
    assertFalse(rules.match("{\"A\": \"x\", \"EventID\": 1}"));
    assertFalse(rules.match("{\"EventID\": 1, \"B\": \"y\"}"));
  }

  @Test
  void addConditionNegated() {
    Rules rules =
        Fitted.detecting(SEL, "{type: add_condition, negated: true, conditions: {B: y, C: null}}");
    assertFalse(rules.match("{\"A\": \"x\", \"B\": \"y\"}"));
    assertTrue(rules.match("{\"A\": \"x\", \"B\": \"y\", \"C\": 1}"));
    assertFalse(rules.match("{\"B\": \"z\"}"));
  }

  @Test
  void addConditionWithTheWordsOfTheLogSource() {
    Rules rules =
        Fitted.detecting(
            SEL,
            "{type: add_condition, template: true,"
                + " conditions: {index: ['${product}-$other-$$5', b], n: 7}}");
    assertTrue(rules.match("{\"A\": \"x\", \"index\": \"test-$other-$5\", \"n\": 7}"));
    assertFalse(rules.match("{\"A\": \"x\", \"index\": \"test\", \"n\": 7}"));
    RuleProblem problem =
        Fitted.refusal(
            "A", "x", "{type: add_condition, template: true, conditions: {i: $category}}");
    assertTrue(problem.reason().contains("word=category"), problem.reason());
    assertTrue(
        Fitted.detecting(SEL, "{type: add_condition, conditions: {i: $category}}")
            .match("{\"A\": \"x\", \"i\": \"$category\"}"));
  }

  @Test
  void manyAddedConditionsNestNothing() {
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      steps.add("{type: add_condition, conditions: {F" + i + ": 1}}");
    }
    Selection selection = Fitted.rule(SEL, steps.toArray(String[]::new)).selection();
    assertTrue(selection instanceof Selection.AllOf all && all.parts().size() == 901);
  }

  @Test
  void ruleFailure() {
    RuleProblem problem =
        Fitted.refusal("A", "x", "{type: case}", "{type: rule_failure, message: not for us}");
    assertEquals(Kind.PIPELINE, problem.kind());
    assertEquals("not for us: pipeline=pipeline.yml:3", problem.reason());
    assertEquals("test.yml:1", problem.origin().toString());
  }

  @Test
  void strictFieldMappingFailure() {
    String strict = "{type: strict_field_mapping_failure}";
    String mapping = "{type: field_name_mapping, mapping: {A: [B, C], D: D}}";
    assertTrue(Fitted.item("A", "x", mapping, strict).match("{\"C\": \"x\"}"));
    assertTrue(Fitted.item("D", "x", mapping, strict).match("{\"D\": \"x\"}"));
    assertTrue(
        Fitted.detecting("keys: [x]\ncondition: keys", mapping, strict).match("{\"F\": \"x\"}"));
    assertTrue(Fitted.refusal("E", "x", mapping, strict).reason().contains("field=E"));
    assertTrue(Fitted.refusal("A", "x", strict).reason().contains("field=A"));
    String others =
        strict.replace(
            "}", ", field_name_conditions: [{type: exclude_fields, fields: [EventID]}]}");
    assertTrue(Fitted.item("EventID", "1", others).match("{\"EventID\": 1}"));
  }

  @Test
  void setState() {
    String set = "{type: set_state, key: k, val: 5}";
    String drop =
        "{type: change_logsource, product: p, rule_conditions:"
            + " [{type: processing_state, key: k, val: 5.0}]}";
    assertEquals("p", Fitted.rule(SEL, set, drop).logSource().product());
    assertEquals("test", Fitted.rule(SEL, drop, set).logSource().product());
    assertEquals("test", Fitted.rule(SEL, set.replace("5", "6"), drop).logSource().product());
  }

  @Test
  void nest() {
    String nest =
        "{type: nest, rule_conditions: [{type: logsource, product: %s}], items: ["
            + "{type: field_name_mapping, mapping: {A: B}},"
            + " {type: nest, items: [{type: field_name_suffix, suffix: .s}]}]}";
    assertTrue(Fitted.detecting(SEL, nest.formatted("test")).match("{\"B.s\": \"x\"}"));
    assertTrue(Fitted.detecting(SEL, nest.formatted("other")).match("{\"A\": \"x\"}"));
    RuleProblem problem =
        Fitted.refusal("A", "x", "{type: nest, items: [{type: rule_failure, message: inner}]}");
    assertEquals("inner: pipeline=pipeline.yml:2", problem.reason());
  }

  @Test
  void whatIsForQueriesChangesNothing() {
    Rules rules =
        Fitted.detecting(
            SEL,
            "{type: set_custom_attribute, attribute: a, value: {any: [thing]}}",
            "{type: add_field, field: [a, b]}",
            "{type: remove_field, field: a}",
            "{type: set_field, fields: [a]}");
    assertTrue(rules.match("{\"A\": \"x\"}"));
  }

  @Test
  void aRuleThatOneStepRefusesCostsNoOther() {
    String two =
        Rules.text(SEL)
            + "---\n"
            + Rules.text("sel: {A: y}\ncondition: sel").replace("Test", "Second");
    Pipelines.Result result =
        Fitted.apply(
            two,
            Map.of(),
            Fitted.steps(
                "{type: rule_failure, message: no, rule_conditions:"
                    + " [{type: contains_detection_item, field: A, value: x}]}"));
    assertEquals("Second", result.rules().getFirst().title());
    assertEquals(1, result.problems().size());
  }
}
