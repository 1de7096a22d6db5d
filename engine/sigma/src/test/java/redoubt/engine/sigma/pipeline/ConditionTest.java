package redoubt.engine.sigma.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.engine.sigma.Rules;

/// Conditions under which steps do something.
class ConditionTest {
  private static final String RULE =
      """
      title: A rule
      id: 1a
      name: named
      author: Somebody
      description: Something
      status: test
      level: medium
      tags: [attack.t1059, attack.execution]
      logsource: {product: windows, category: process_creation}
      detection:
        sel:
          A|contains: [x, y]
          N: 5
        condition: sel
      """;

  private static boolean isApplied(String condition) {
    String step = "{type: change_logsource, product: p, rule_conditions: [" + condition + "]}";
    Pipelines.Result result = Fitted.apply(RULE, Map.of(), Fitted.steps(step));
    return result.rules().getFirst().logSource().product().equals("p");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{type: logsource, product: Windows}|true",
        "{type: logsource, product: windows, category: process_creation}|true",
        "{type: logsource, product: windows, service: sysmon}|false",
        "{type: contains_field, field: N}|true",
        "{type: contains_field, field: n}|false",
        "{type: contains_detection_item, field: N, value: 5}|true",
        "{type: contains_detection_item, field: N, value: 6}|false",
        "{type: contains_detection_item, field: A, value: '*y*'}|true",
        "{type: contains_detection_item, field: A, value: y}|false",
        "{type: is_sigma_rule}|true",
        "{type: is_sigma_correlation_rule}|false",
        "{type: tag, tag: attack.execution}|true",
        "{type: tag, tag: attack.impact}|false",
        "{type: processing_item_applied, processing_item_id: none}|false",
        "{type: processing_state, key: none, val: 1, op: ne}|false",
        "{type: rule_attribute, attribute: title, value: A rule}|true",
        "{type: rule_attribute, attribute: title, value: A rule, op: ne}|false",
        "{type: rule_attribute, attribute: id, value: 1a}|true",
        "{type: rule_attribute, attribute: name, value: named}|true",
        "{type: rule_attribute, attribute: author, value: Nobody}|false",
        "{type: rule_attribute, attribute: description, value: Something}|true",
        "{type: rule_attribute, attribute: level, value: low, op: gt}|true",
        "{type: rule_attribute, attribute: level, value: high, op: gte}|false",
        "{type: rule_attribute, attribute: level, value: medium, op: lte}|true",
        "{type: rule_attribute, attribute: level, value: medium, op: lt}|false",
        "{type: rule_attribute, attribute: status, value: experimental, op: gte}|true",
        "{type: rule_attribute, attribute: status, value: stable}|false",
        "{type: rule_attribute, attribute: tags, value: attack.t1059, op: in}|true",
        "{type: rule_attribute, attribute: tags, value: attack.t1059, op: not_in}|false"
      })
  void ruleConditions(String condition, boolean holds) {
    assertEquals(holds, isApplied(condition));
  }

  @Test
  void aLevelThatARuleDoesNotSayIsOnlyUnequal() {
    String step =
        "{type: change_logsource, product: p, rule_conditions:"
            + " [{type: rule_attribute, attribute: level, value: low, op: %s}]}";
    String sel = "sel: {A: x}\ncondition: sel";
    assertEquals("test", Fitted.rule(sel, step.formatted("lt")).logSource().product());
    assertEquals("p", Fitted.rule(sel, step.formatted("ne")).logSource().product());
  }

  @Test
  void ruleConditionsAreJoinedAndNegated() {
    String step = "{type: change_logsource, product: p, rule_conditions: %s}";
    String both = "[{type: is_sigma_rule}, {type: tag, tag: none}]";
    assertEquals("windows", product(step.formatted(both)));
    assertEquals("p", product(step.formatted(both + ", rule_cond_op: or")));
    assertEquals("p", product(step.formatted(both + ", rule_cond_not: true")));
    assertEquals(
        "windows", product(step.formatted(both + ", rule_cond_op: or, rule_cond_not: true")));
    assertEquals("p", product(step.formatted("{first: {type: is_sigma_rule}}")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "is and not has;true",
        "not (is and not has);false",
        "has or is and has;false",
        "(has or is) and is;true",
        "not not is or has;true"
      })
  void expressionsJoinNamedConditions(String expression, boolean holds) {
    String step =
        "{type: change_logsource, product: p, rule_conditions: {is: {type: is_sigma_rule},"
            + " has: {type: tag, tag: none}}, rule_cond_expr: %s}";
    assertEquals(holds, product(step.formatted(expression)).equals("p"));
    assertEquals(!holds, product(step.formatted(expression + ", rule_cond_not: true")).equals("p"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "is",
        "is and",
        "is and other",
        "(is or has",
        "is has",
        "is or has)",
        "is & has",
        "''",
        "is or has, rule_cond_op: or"
      })
  void otherExpressionsAreRefused(String expression) {
    assertTrue(
        Fitted.refusalOf(
                Fitted.steps(
                    "{type: case, rule_conditions: {is: {type: is_sigma_rule},"
                        + " has: {type: tag, tag: none}}, rule_cond_expr: "
                        + expression
                        + "}"))
            .reason()
            .contains("expression"));
    String deep = "not ".repeat(60) + "is";
    assertTrue(
        Fitted.refusalOf(
                Fitted.steps(
                    "{type: case, rule_conditions: {is: {type: is_sigma_rule}}, rule_cond_expr: "
                        + deep
                        + "}"))
            .reason()
            .contains("too deeply"));
  }

  private static String product(String step) {
    return Fitted.apply(RULE, Map.of(), Fitted.steps(step))
        .rules()
        .getFirst()
        .logSource()
        .product();
  }

  /// Renames what is meant, and says whether it was.
  private static boolean isMeant(String key, String value, String conditions) {
    return Fitted.item(
            key, value, "{type: field_name_mapping, mapping: {A: B}, " + conditions + "}")
        .match("{\"B\": \"ax\", \"D\": \"ax\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{type: match_string, cond: any, pattern: '.x'}|[ax, yy]|true",
        "{type: match_string, cond: all, pattern: '.x'}|[ax, yy]|false",
        "{type: match_string, cond: any, pattern: x}|[ax, yy]|false",
        "{type: match_string, cond: all, pattern: 'y', negate: true}|[ax, b]|true",
        "{type: match_value, cond: any, value: ax}|[ax, yy]|true",
        "{type: match_value, cond: any, value: aX}|[ax, yy]|false",
        "{type: contains_wildcard, cond: any}|[ax, 'y*']|true",
        "{type: contains_wildcard, cond: all}|[ax, 'y*']|false",
        "{type: is_null, cond: any}|ax|false",
        "{type: processing_item_applied, processing_item_id: none}|ax|false",
        "{type: processing_state, key: none, val: 1}|ax|false"
      })
  void detectionItemConditions(String condition, String value, boolean holds) {
    assertEquals(holds, isMeant("A", value, "detection_item_conditions: [" + condition + "]"));
    assertEquals(
        !holds,
        isMeant(
            "A",
            value,
            "detection_item_conditions: [" + condition + "], detection_item_cond_not: true"));
  }

  @Test
  void isNull() {
    String step =
        "{type: set_value, value: x, detection_item_conditions: [{type: is_null, cond: all}]}";
    Rules rules = Fitted.detecting("sel: {A: null, B: y}\ncondition: sel", step);
    assertTrue(rules.match("{\"A\": \"x\", \"B\": \"y\"}"));
    assertFalse(rules.match("{\"B\": \"y\"}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{type: include_fields, fields: [A, C]}|true",
        "{type: include_fields, fields: C}|false",
        "{type: include_fields, fields: ['[AC]$'], mode: re}|true",
        "{type: include_fields, fields: [C], mode: re}|false",
        "{type: exclude_fields, fields: [A]}|false",
        "{type: exclude_fields, fields: [C]}|true",
        "{type: exclude_fields, fields: [a, .], mode: re}|false",
        "{type: processing_item_applied, processing_item_id: none}|false",
        "{type: processing_state, key: none, val: 1}|false"
      })
  void fieldNameConditions(String condition, boolean holds) {
    assertEquals(holds, isMeant("A", "ax", "field_name_conditions: [" + condition + "]"));
    assertEquals(
        !holds,
        isMeant(
            "A", "ax", "field_name_conditions: [" + condition + "], field_name_cond_not: true"));
  }

  @Test
  void fieldNameConditionsLookAtReferencesToo() {
    String step =
        "{type: field_name_mapping, mapping: {A: B, D: E},"
            + " field_name_conditions: [{type: include_fields, fields: [A]}]}";
    assertTrue(Fitted.item("D|fieldref", "A", step).match("{\"D\": 1, \"B\": 1}"));
    assertTrue(Fitted.item("A|fieldref", "D", step).match("{\"D\": 1, \"B\": 1}"));
  }

  @Test
  void stepsKnowWhatEarlierStepsChanged() {
    String first =
        "{id: first, type: field_name_mapping, mapping: {A: B},"
            + " rule_conditions: [{type: contains_field, field: A}]}";
    String condition = "[{type: processing_item_applied, processing_item_id: first}]";
    String renamed = "{type: field_name_suffix, suffix: .s, %s: " + condition + "}";
    String detection = "sel: {A: x, C: y}\ncondition: sel";
    for (String kind : new String[] {"detection_item_conditions", "field_name_conditions"}) {
      Rules rules = Fitted.detecting(detection, first, renamed.formatted(kind));
      assertTrue(rules.match("{\"B.s\": \"x\", \"C\": \"y\"}"), kind);
    }
    Rules whole = Fitted.detecting(detection, first, renamed.formatted("rule_conditions"));
    assertTrue(whole.match("{\"B.s\": \"x\", \"C.s\": \"y\"}"));
    Rules other = Fitted.item("C", "y", first, renamed.formatted("rule_conditions"));
    assertTrue(other.match("{\"C\": \"y\"}"));
  }

  @Test
  void addedConditionsCountAsChanged() {
    Rules rules =
        Fitted.detecting(
            "sel: {A: x}\ncondition: sel",
            "{id: added, type: add_condition, conditions: {B: [1, 2], 'C|neq': 3}}",
            "{type: field_name_suffix, suffix: .s, detection_item_cond_not: true,"
                + " detection_item_conditions:"
                + " [{type: processing_item_applied, processing_item_id: added}]}");
    assertTrue(rules.match("{\"A.s\": \"x\", \"B\": 2, \"C\": 4}"));
  }

  @Test
  void stateIsSeenByEveryKindOfCondition() {
    String set = "{type: set_state, key: k, val: b}";
    for (String kind :
        new String[] {"rule_conditions", "detection_item_conditions", "field_name_conditions"}) {
      for (String[] relation :
          new String[][] {
            {"eq", "b"}, {"ne", "a"}, {"gt", "a"}, {"gte", "b"}, {"lt", "c"}, {"lte", "b"}
          }) {
        String step =
            "{type: field_name_mapping, mapping: {A: B}, %s: [{type: processing_state, key: k, op: %s, val: %s}]}"
                .formatted(kind, relation[0], relation[1]);
        assertTrue(Fitted.item("A", "x", set, step).match("{\"B\": \"x\"}"), step);
      }
    }
  }
}
