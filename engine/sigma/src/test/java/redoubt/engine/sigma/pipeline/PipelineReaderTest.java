package redoubt.engine.sigma.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.engine.sigma.Rules;
import redoubt.engine.sigma.Seeds;
import redoubt.engine.sigma.rule.Placeholders;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.RuleProblem.Kind;
import redoubt.engine.sigma.rule.RuleReader;

/// What is a pipeline, and what is refused.
class PipelineReaderTest {
  /// One step of every kind, with one condition of every kind.
  private static final String EVERYTHING =
      """
      name: everything
      priority: 10
      allowed_backends: [redoubt, other]
      vars:
        admins: [root, 5]
        one: x
      transformations:
        - id: map
          type: field_name_mapping
          mapping: {A: [B, C], Threat Name: T}
          rule_cond_op: or
          rule_cond_not: false
          rule_conditions:
            - {type: logsource, product: test, category: '', service: x}
            - {type: contains_field, field: A}
            - {type: contains_detection_item, field: A, value: 5}
            - {type: processing_item_applied, processing_item_id: map}
            - {type: processing_state, key: k, val: 1, op: gte}
            - {type: is_sigma_rule}
            - {type: is_sigma_correlation_rule}
            - {type: rule_attribute, attribute: level, value: low, op: gte}
            - {type: tag, tag: attack.t1059}
        - type: field_name_prefix_mapping
          mapping: {win.: w.}
          detection_item_cond_op: and
          detection_item_cond_not: true
          detection_item_conditions:
            one: {type: match_string, cond: any, pattern: a+}
            two: {type: match_value, cond: all, value: true}
            three: {type: contains_wildcard, cond: any}
            four: {type: is_null, cond: any}
            five: {type: processing_item_applied, processing_item_id: map}
            six: {type: processing_state, key: k, val: 1}
        - type: field_name_prefix
          prefix: p.
          field_name_cond_op: or
          field_name_cond_not: true
          field_name_conditions:
            - {type: include_fields, fields: [A], mode: plain}
            - {type: exclude_fields, fields: ['[A-Z]+'], mode: re}
            - {type: processing_item_applied, processing_item_id: map}
            - {type: processing_state, key: k, val: 1, op: ne}
        - {type: field_name_suffix, suffix: .s}
        - {type: hashes_fields, valid_hash_algos: [MD5], field_prefix: F, drop_algo_prefix: true,
           field_name_conditions: [{type: include_fields, fields: [Hashes]}]}
        - {type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: [Z]}]}
        - {type: value_placeholders, include: [admins]}
        - {type: wildcard_placeholders, exclude: [one]}
        - {type: add_condition, name: _n, conditions: {E: [1, 2], 'F|cidr': '2001:db8::/32'},
           template: true, negated: true}
        - {type: change_logsource, category: c, product: p, service: s}
        - {type: add_field, field: f}
        - {type: remove_field, field: [f]}
        - {type: set_field, fields: [f]}
        - {type: replace_string, regex: '(a)', replacement: '\\1', skip_special: true,
           interpret_special: false}
        - {type: map_string, mapping: {a: [b, c]}}
        - {type: set_state, key: k, val: 1}
        - {type: regex, method: ignore_case_flag}
        - {type: convert_type, target_type: str}
        - {type: case, method: upper}
        - {type: set_custom_attribute, attribute: a, value: [1]}
        - type: nest
          items:
            - {type: set_value, value: 5, force_type: str,
               field_name_conditions: [{type: include_fields, fields: [Z]}]}
            - {type: rule_failure, message: m, rule_conditions: [{type: tag, tag: t}]}
            - {type: detection_item_failure, message: m,
               field_name_conditions: [{type: include_fields, fields: [Z]}]}
            - {type: strict_field_mapping_failure, rule_conditions: [{type: tag, tag: t}]}
      postprocessing: []
      finalizers: []
      """;

  private static final String RULE =
      Rules.text("sel: {A: x, 'U|expand': '%admins%'}\ncondition: sel");

  @Test
  void readsEverything() {
    Pipelines.Result result = Fitted.apply(RULE, Map.of(), EVERYTHING);
    assertEquals(List.of(), result.problems());
    assertEquals("p", result.rules().getFirst().logSource().product());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "name: everything;names: everything;unknown part: part=names",
        "priority: 10;priority: high;'priority' is no number",
        "priority: 10;priority: 12345678901;'priority' is no number",
        "[redoubt, other];[splunk];for other programs",
        "admins: [root, 5];admins: [];a list is empty",
        "admins: [root, 5];admins: {a: b};no single value",
        "admins: [root, 5];admins: ~;is null",
        "admins: [root, 5];'%a%': b;not a name of a placeholder",
        "one: x;~: x;a key is null",
        "- id: map;- ids: map;unknown part: part=ids",
        "type: field_name_mapping;type: field_name_map;no such transformation: type=field_name_map",
        "type: field_name_mapping;kind: x;has no 'type'",
        "{A: [B, C], Threat Name: T};{A: []};a list is empty",
        "{A: [B, C], Threat Name: T};{A: ''};without a name",
        "{A: [B, C], Threat Name: T};[A];no map",
        "rule_cond_op: or;rule_cond_op: xor;takes and, or",
        "rule_cond_op: or;rule_cond_expr: a or b;conditions that have names",
        "rule_cond_not: false;rule_cond_not: no;takes true or false",
        "{type: logsource, product: test, category: '', service: x};{type: logsource};names no category",
        "category: '', service: x;categories: x;unknown part: part=categories",
        "{type: contains_field, field: A};{type: contains_fields, field: A};no such rule condition",
        "{type: contains_field, field: A};contains_field;a condition is no map",
        "val: 1, op: gte;val: 1, op: near;takes eq",
        "val: 1, op: gte;op: gte;has no 'val'",
        "attribute: level, value: low;attribute: date, value: low;not kept of rules",
        "attribute: level, value: low;attribute: level, value: severe;not a value",
        "attribute: level, value: low, op: gte;attribute: title, value: x, op: gte;'eq' or 'ne'",
        "attribute: level, value: low, op: gte;attribute: tags, value: x, op: gte;'in' or 'not_in'",
        "cond: any, pattern: a+;pattern: a+;has no 'cond'",
        "cond: any, pattern: a+;cond: some, pattern: a+;takes any, all",
        "pattern: a+;pattern: (a;linear time",
        "pattern: a+;pattern: (?=a);linear time",
        "{type: is_null, cond: any};{type: null, cond: any};'type' is null",
        "{type: is_null, cond: any};{type: empty, cond: any};no such detection item condition",
        "mode: plain;mode: glob;takes plain, re",
        "fields: [A], mode: plain;field: [A];has no 'fields'",
        "type: exclude_fields;type: fields;no such field name condition",
        "['[A-Z]+'];['[A-Z'];linear time",
        "[MD5], field_prefix: F;[MD5];without a name",
        "exclude: [one];exclude: [one], include: [two];stand together",
        "conditions: {E: [1, 2];conditions: {}, x: {E: [1, 2];no map of fields",
        "E: [1, 2];'E|sounds': 1;unknown modifier: modifier=sounds",
        "2001:db8::/32;2001:db8;not a network",
        "category: c, product: p, service: s;product: '';names no category",
        "category: c;category: {a: b};no single value",
        "regex: '(a)';regex: '(';linear time",
        "replacement: '\\1';replacement: '\\2';no such group: group=2",
        "replacement: '\\1';replacement: '\\g<x>';no such group: group=x",
        "replacement: '\\1';replacement: '\\g1';a group is not named",
        "replacement: '\\1';replacement: '\\d';an unknown escape",
        "replacement: '\\1';replacement: 'a\\';ends with a backslash",
        "{a: [b, c]};{a: [[b]]};no single value",
        "ignore_case_flag;snake;takes plain",
        "target_type: str;target_type: bool;takes str, num",
        "target_type: str;type_of: str;has no 'target_type'",
        "method: upper;method: snake_case;takes lower, upper",
        "attribute: a, value: [1];attribute: a;has no 'value'",
        "force_type: str;force_type: bool;takes str, num",
        "value: 5, force_type: str;value: x, force_type: num;not a number",
        "value: 5, force_type: str;value: null, force_type: str;null has no other type",
        "message: m, rule_conditions;text: m, rule_conditions;has no 'message'",
        "{type: set_state, key: k, val: 1};{type: set_state, key: k, val: 1, field_name_conditions: [{type: include_fields, fields: A}]};looks at whole rules",
        "{type: field_name_suffix, suffix: .s};{type: field_name_suffix, suffix: .s, rule_cond_not: true};no conditions to join",
        "{type: field_name_suffix, suffix: .s};{type: nest, items: {a: b}};no list",
        "{type: field_name_suffix, suffix: .s};[type, nest];a transformation is no map",
        "postprocessing: [];postprocessing: [{type: embed, prefix: x}];text of queries",
        "finalizers: [];finalizers: {type: concat};text of queries"
      })
  void refusesWhatItDoesNotKnow(String part, String replacement, String reason) {
    assertTrue(EVERYTHING.contains(part), part);
    RuleException problem = Fitted.refusalOf(EVERYTHING.replace(part, replacement));
    assertTrue(problem.reason().contains(reason), problem.reason());
    int line = EVERYTHING.substring(0, EVERYTHING.indexOf(part)).split("\n", -1).length;
    assertTrue(problem.line() >= 1 && problem.line() <= line + 1, problem.line() + " of " + line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{type: file_placeholders, path: /etc/passwd}",
        "{type: file, path: /etc/passwd}",
        "{type: http_placeholders, url: somewhere}",
        "{type: http, url: somewhere}",
        "{type: command_placeholders, cmd: id}",
        "{type: command, cmd: [id]}",
        "{type: query_expression_placeholders, expression: x}",
        "{type: field_name_transform}"
      })
  void refusesWhatASecurityEngineDoesNotDo(String step) {
    RuleException problem = Fitted.refusalOf(Fitted.steps("{type: case}", step));
    assertEquals(Kind.UNSUPPORTED, problem.kind());
    assertEquals(3, problem.line());
    assertTrue(problem.reason().contains("not supported"), problem.reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "name: x",
        "- a\n- b",
        "text",
        "transformations: []\n---\ntransformations: []",
        "transformations:\n  a: b",
        "transformations: &a [*a]",
        "transformations: [!!binary aGk=]",
        "title: A rule\nlogsource: {product: x}\ndetection: {a: b, condition: a}"
      })
  void refusesOtherDocuments(String text) {
    assertFalse(Fitted.refusalOf(text).reason().isEmpty());
  }

  @Test
  void refusesTooMuch() {
    assertTrue(
        Fitted.refusalOf("transformations:\n" + "  - {type: case}\n".repeat(1_001))
            .reason()
            .contains("limit=1000"));
    assertEquals(
        1_002, Fitted.refusalOf("transformations:\n" + "  - {type: case}\n".repeat(1_001)).line());
    String deep = "{type: case}";
    for (int i = 0; i < 11; i++) {
      deep = "{type: nest, items: [" + deep + "]}";
    }
    assertTrue(Fitted.refusalOf(Fitted.steps(deep)).reason().contains("nested too deeply"));
    assertEquals(Kind.YAML, Fitted.refusalOf("vars: " + "[".repeat(100) + "]".repeat(100)).kind());
    assertEquals(Kind.YAML, Fitted.refusalOf("vars: " + "[".repeat(100_000)).kind());
    assertEquals(Kind.YAML, Fitted.refusalOf("#".repeat(RuleReader.LENGTH_LIMIT + 1)).kind());
    assertEquals(Kind.YAML, Fitted.refusalOf("vars: {a: [" + "1,".repeat(200_000) + "1]}").kind());
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a" + i + ": &a" + i + " [")
          .append(("*a" + (i - 1) + ", ").repeat(4))
          .append("x]\n");
    }
    assertEquals(Kind.YAML, Fitted.refusalOf(bomb.toString()).kind());
  }

  /// Whatever stands in the text: a pipeline that changes rules or refuses them, or a problem.
  @Test
  void noTextMakesTheReaderFail() {
    RandomGenerator random = Seeds.random("noTextMakesTheReaderFail");
    int read = 0;
    for (int i = Seeds.count(3_000); i > 0; i--) {
      StringBuilder text = new StringBuilder(EVERYTHING);
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        int at = random.nextInt(text.length());
        String other = Seeds.text(random, "[]{}:|&*!%@`'\"\\#,?-~ \n\t1aü$", 3);
        text.replace(at, Math.min(text.length(), at + random.nextInt(3)), other);
      }
      try {
        Pipelines pipelines = new Pipelines(List.of(PipelineReader.read("p.yml", text.toString())));
        read++;
        Placeholders placeholders = pipelines.placeholders(Placeholders.NONE);
        RuleReader.Result rules = new RuleReader(placeholders).read("a.yml", RULE);
        Pipelines.Result result =
            pipelines.apply(rules.rules(), rules.correlations(), placeholders);
        assertEquals(1, result.rules().size() + result.problems().size());
        Rules.of(result.rules());
        for (RuleProblem problem : result.problems()) {
          assertFalse(problem.reason().isEmpty());
        }
      } catch (RuleException e) {
        assertTrue(e.line() > 0 && !e.reason().isEmpty(), e.line() + ": " + e.reason());
      }
    }
    assertTrue(read > 0);
  }
}
