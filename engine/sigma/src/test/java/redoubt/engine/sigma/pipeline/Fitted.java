package redoubt.engine.sigma.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redoubt.engine.sigma.Rules;
import redoubt.engine.sigma.rule.Placeholders;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.RuleReader;
import redoubt.engine.sigma.rule.SigmaRule;

/// Rules for tests, read and taken through pipelines as a command does it.
final class Fitted {
  private Fitted() {}

  /// What pipelines make of the rules in a text.
  ///
  /// @param values the owner's, by name
  static Pipelines.Result apply(
      String rules, Map<String, List<String>> values, String... pipelines) {
    Pipelines all = pipelines(pipelines);
    Placeholders placeholders = all.placeholders(new Placeholders(values));
    RuleReader.Result read = new RuleReader(placeholders).read("test.yml", rules);
    Pipelines.Result changed = all.apply(read.rules(), read.correlations(), placeholders);
    List<RuleProblem> problems = new ArrayList<>(read.problems());
    problems.addAll(changed.problems());
    return new Pipelines.Result(changed.rules(), changed.correlations(), problems);
  }

  static Pipelines pipelines(String... texts) {
    List<Pipeline> read = new ArrayList<>();
    for (String text : texts) {
      try {
        read.add(PipelineReader.read("pipeline.yml", text));
      } catch (RuleException e) {
        throw new AssertionError(e.line() + ": " + e.reason(), e);
      }
    }
    return new Pipelines(read);
  }

  /// A pipeline of steps, each a map in braces.
  static String steps(String... steps) {
    StringBuilder text = new StringBuilder("transformations:\n");
    for (String step : steps) {
      text.append("  - ").append(step).append('\n');
    }
    return text.toString();
  }

  /// One rule with a detection, indented as under `detection:`, after the steps.
  static SigmaRule rule(String detection, String... steps) {
    Pipelines.Result result = apply(Rules.text(detection), Map.of(), steps(steps));
    assertEquals(List.of(), result.problems());
    return result.rules().getFirst();
  }

  /// The same, to be matched.
  static Rules detecting(String detection, String... steps) {
    return Rules.of(List.of(rule(detection, steps)));
  }

  /// A rule whose one detection is `key: value`, after the steps.
  static Rules item(String key, String value, String... steps) {
    return detecting("sel:\n  " + key + ": " + value + "\ncondition: sel", steps);
  }

  /// Why the steps refuse a rule whose one detection is `key: value`.
  static RuleProblem refusal(String key, String value, String... steps) {
    String rule = Rules.text("sel:\n  " + key + ": " + value + "\ncondition: sel");
    Pipelines.Result result = apply(rule, Map.of(), steps(steps));
    assertEquals(List.of(), result.rules());
    assertEquals(1, result.problems().size(), result.problems().toString());
    return result.problems().getFirst();
  }

  /// Why a text is no pipeline.
  static RuleException refusalOf(String pipeline) {
    return assertThrows(
        RuleException.class, () -> PipelineReader.read("pipeline.yml", pipeline), pipeline);
  }
}
