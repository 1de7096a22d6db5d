package redoubt.engine.sigma.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import redoubt.engine.sigma.Rules;
import redoubt.engine.sigma.Seeds;
import redoubt.engine.sigma.rule.CorrelationRule;
import redoubt.engine.sigma.rule.Placeholders;
import redoubt.engine.sigma.rule.RuleProblem.Kind;
import redoubt.engine.sigma.rule.RuleReader;

/// Several pipelines, correlations, and what holds whatever the rule.
class PipelinesTest {
  private static final String CORRELATION =
      """
      title: Base
      name: base
      logsource: {product: windows}
      detection:
        sel: {User: x}
        condition: sel
      ---
      title: Many
      name: many
      correlation:
        type: value_count
        rules: [base]
        group-by: [User, who]
        timespan: 5m
        aliases:
          who: {base: Account}
        condition: {gte: 3, field: Host}
      ---
      title: Again
      correlation:
        type: event_count
        rules: [many]
        group-by: [User]
        timespan: 1h
        condition: {gte: 2}
      """;

  private static String map(String from, String to) {
    return "{type: field_name_mapping, mapping: {" + from + ": " + to + "}}";
  }

  @Test
  void pipelinesAreAppliedByPriorityThenInTheirOrder() {
    String last = "priority: 20\n" + Fitted.steps(map("C", "D"));
    String first = "priority: -1\n" + Fitted.steps(map("A", "B"));
    String second = Fitted.steps(map("B", "X"), map("Y", "C"));
    String third = "name: third\npriority: 0\n" + Fitted.steps(map("X", "Y"));
    String rule = Rules.text("sel: {A: x}\ncondition: sel");
    Pipelines.Result inOrder = Fitted.apply(rule, Map.of(), last, third, second, first);
    assertTrue(Rules.of(inOrder.rules()).match("{\"X\": \"x\"}"));
    Pipelines.Result other = Fitted.apply(rule, Map.of(), last, second, third, first);
    assertTrue(Rules.of(other.rules()).match("{\"Y\": \"x\"}"));
  }

  @Test
  void stepsAndStatesAreKnownAcrossPipelines() {
    String first = Fitted.steps("{id: one, type: set_state, key: k, val: v}");
    String second =
        Fitted.steps(
            "{type: rule_failure, message: no, rule_conditions:"
                + " [{type: processing_item_applied, processing_item_id: one},"
                + " {type: processing_state, key: k, val: v}]}");
    String rule = Rules.text("sel: {A: x}\ncondition: sel");
    assertEquals(1, Fitted.apply(rule, Map.of(), first, second).problems().size());
    assertEquals(List.of(), Fitted.apply(rule, Map.of(), second, first).problems());
  }

  @Test
  void theLaterPipelinesValuesCount() {
    String rule = Rules.text("sel: {'A|expand': '%x%'}\ncondition: sel");
    Pipelines.Result result =
        Fitted.apply(rule, Map.of(), "vars: {x: b}\npriority: 2\n", "vars: {x: a}\n");
    assertTrue(Rules.of(result.rules()).match("{\"A\": \"b\"}"));
  }

  @Test
  void withoutPipelinesRulesStayAsTheyAre() {
    RuleReader.Result read = new RuleReader(Placeholders.NONE).read("t.yml", CORRELATION);
    Pipelines.Result result =
        Pipelines.NONE.apply(read.rules(), read.correlations(), Placeholders.NONE);
    assertEquals(read.rules(), result.rules());
    assertEquals(read.correlations(), result.correlations());
    assertEquals(Placeholders.NONE, Pipelines.NONE.placeholders(Placeholders.NONE));
  }

  @Test
  void fieldsOfCorrelationsAreMapped() {
    Pipelines.Result result =
        Fitted.apply(
            CORRELATION,
            Map.of(),
            Fitted.steps(
                "{type: field_name_mapping, mapping: {User: user, Account: account, Host: host,"
                    + " who: nobody}, rule_conditions: [{type: logsource, product: windows}]}"));
    assertEquals(List.of(), result.problems());
    CorrelationRule many = result.correlations().getFirst();
    assertEquals(List.of("user", "who"), many.groupBy());
    assertEquals(Map.of("who", Map.of("base", "account")), many.aliases());
    assertEquals(List.of("host"), many.fields());
    assertEquals(List.of("user"), result.correlations().getLast().groupBy());
  }

  @Test
  void fieldsOfCorrelationsFollowTheirRulesLogSource() {
    String other = "{type: field_name_prefix, prefix: p., rule_conditions: [%s]}";
    for (String condition :
        List.of(
            "{type: logsource, product: linux}",
            "{type: is_sigma_rule}",
            "{type: contains_field, field: User}")) {
      Pipelines.Result result =
          Fitted.apply(CORRELATION, Map.of(), Fitted.steps(other.formatted(condition)));
      assertEquals(List.of("User", "who"), result.correlations().getFirst().groupBy(), condition);
    }
    Pipelines.Result changed =
        Fitted.apply(
            CORRELATION,
            Map.of(),
            Fitted.steps(
                "{type: change_logsource, product: linux}",
                other.formatted("{type: logsource, product: linux}")));
    assertEquals(List.of("p.User", "who"), changed.correlations().getFirst().groupBy());
  }

  @Test
  void namesInCorrelationsKnowTheirSteps() {
    Pipelines.Result result =
        Fitted.apply(
            CORRELATION,
            Map.of(),
            Fitted.steps(
                "{id: first, type: field_name_mapping, mapping: {User: user}}",
                "{type: field_name_suffix, suffix: .s, field_name_conditions:"
                    + " [{type: processing_item_applied, processing_item_id: first}]}"));
    CorrelationRule many = result.correlations().getFirst();
    assertEquals(List.of("user.s", "who"), many.groupBy());
    assertEquals(List.of("Host"), many.fields());
  }

  @Test
  void aFieldOfACorrelationHasOneName() {
    Pipelines.Result result =
        Fitted.apply(CORRELATION, Map.of(), Fitted.steps(map("Host", "[h, host]")));
    assertEquals(1, result.problems().size());
    assertEquals(Kind.PIPELINE, result.problems().getFirst().kind());
    assertTrue(result.problems().getFirst().reason().contains("field=Host"));
    assertEquals(1, result.correlations().size());
  }

  @Test
  void stepsThatRefuseRulesRefuseCorrelations() {
    Pipelines.Result result =
        Fitted.apply(
            CORRELATION,
            Map.of(),
            Fitted.steps(
                "{type: set_state, key: k, val: 1}",
                "{type: change_logsource, product: x}",
                "{type: nest, rule_conditions: [{type: is_sigma_correlation_rule},"
                    + " {type: processing_state, key: k, val: 1}],"
                    + " items: [{type: rule_failure, message: no}]}"));
    assertEquals(1, result.rules().size());
    assertEquals(List.of(), result.correlations());
    assertEquals(2, result.problems().size());
  }

  /// As the documentation of the format goes about it: names of programs without their paths.
  @Test
  void aPipelineOfSeveralKindsOfSteps() {
    String image = "field_name_conditions: [{type: include_fields, fields: [Image]}]";
    String pipeline =
        Fitted.steps(
            "{type: detection_item_failure, message: a name alone, "
                + image
                + ", detection_item_conditions: [{type: match_string, cond: any, negate: true,"
                + " pattern: '^\\*\\\\?[^\\\\]+$'}]}",
            "{type: replace_string, regex: '^\\*\\\\([^\\\\]+)$', replacement: '\\1', "
                + image
                + "}",
            "{id: mapping, type: field_name_mapping, mapping: {EventID: [event_id, evtid]}}",
            "{type: field_name_prefix, prefix: win., field_name_cond_not: true,"
                + " field_name_conditions:"
                + " [{type: processing_item_applied, processing_item_id: mapping}]}",
            "{type: add_condition, conditions: {index: windows}}");
    Pipelines.Result result =
        Fitted.apply(
            Rules.text("sel: {EventID: 1, 'Image|endswith': '\\a.exe'}\ncondition: sel")
                + "---\n"
                + Rules.text("sel: {'Image|endswith': '\\b\\a.exe'}\ncondition: sel"),
            Map.of(),
            pipeline);
    assertEquals(1, result.problems().size());
    assertTrue(result.problems().getFirst().reason().startsWith("a name alone"));
    assertTrue(
        Rules.of(result.rules())
            .match("{\"evtid\": 1, \"win.Image\": \"A.exe\", \"index\": \"windows\"}"));
  }

  // ---- whatever the rule

  private static String randomDetection(RandomGenerator random) {
    List<String> fields = List.of("A", "B", "C");
    List<String> modifiers =
        List.of("", "|contains", "|startswith", "|contains|all", "|neq", "|cased");
    StringBuilder text = new StringBuilder();
    for (String name : List.of("one", "two")) {
      text.append(name).append(":\n");
      for (int n = 1 + random.nextInt(2); n > 0; n--) {
        text.append("  - ")
            .append(fields.get(random.nextInt(fields.size())))
            .append(modifiers.get(random.nextInt(modifiers.size())))
            .append(": ['")
            .append(Seeds.text(random, "ab*", 2))
            .append("', '")
            .append(Seeds.text(random, "aB?", 2))
            .append("']\n");
      }
    }
    List<String> conditions =
        List.of("one and two", "one or two", "one and not two", "not (one or two)", "1 of them");
    return text + "condition: " + conditions.get(random.nextInt(conditions.size()));
  }

  private static String randomEvent(RandomGenerator random) {
    StringBuilder text = new StringBuilder("{");
    for (String field : List.of("A", "B", "C")) {
      if (random.nextInt(4) > 0) {
        text.append(text.length() > 1 ? ", " : "")
            .append("\"" + field + "\": \"" + Seeds.text(random, "aAbB", 3) + "\"");
      }
    }
    return text + "}";
  }

  /// A rule with other names finds in events with those names what it found before.
  @Test
  void renamedRulesFindTheSameInRenamedEvents() {
    RandomGenerator random = Seeds.random("renamedRulesFindTheSameInRenamedEvents");
    int matches = 0;
    for (int i = Seeds.count(300); i > 0; i--) {
      String detection = randomDetection(random);
      Rules plain = Rules.detecting(detection);
      Rules suffixed = Fitted.detecting(detection, "{type: field_name_suffix, suffix: .s}");
      Rules nested =
          Fitted.detecting(
              detection,
              "{type: nest, items: [{type: field_name_prefix_mapping, mapping: {A: [A, no]}},"
                  + " {type: field_name_mapping, mapping: {B: B.s, C: C.s, A: A.s}}]}");
      for (int e = 0; e < 20; e++) {
        String event = randomEvent(random);
        String renamed = event.replaceAll("\"([ABC])\":", "\"$1.s\":");
        boolean expected = plain.match(event);
        matches += expected ? 1 : 0;
        assertEquals(expected, suffixed.match(renamed), () -> detection + "\n" + renamed);
        assertEquals(expected, nested.match(renamed), () -> detection + "\n" + renamed);
      }
    }
    assertTrue(matches > 0);
  }
}
