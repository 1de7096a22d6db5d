package redoubt.engine.sigma;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redoubt.engine.sigma.event.Classifier;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.event.EventFormatException;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.event.JsonEvents;
import redoubt.engine.sigma.match.RuleMatcher;
import redoubt.engine.sigma.match.RuleSet;
import redoubt.engine.sigma.rule.Placeholders;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.RuleReader;
import redoubt.engine.sigma.rule.SigmaRule;

/// Rules for tests, written as their detection alone, and events as JSON.
public final class Rules {
  private static final EventClass TEST = new EventClass(Set.of("test"), Set.of(), Set.of());
  private static final Placeholders ADMINISTRATORS =
      new Placeholders(Map.of("administrators", List.of("root", "adm*")));

  private final FieldTable fields = new FieldTable();
  private final JsonEvents reader;
  private final Classifier classifier;
  private final RuleMatcher matcher;
  private final Event event;

  private Rules(List<SigmaRule> rules) {
    RuleSet.Result compiled = RuleSet.compile(rules, fields);
    assertEquals(List.of(), compiled.problems());
    classifier = new Classifier(fields, TEST);
    matcher = new RuleMatcher(compiled.rules());
    event = new Event(fields);
    reader = new JsonEvents(fields, compiled.rules().looksEverywhere());
  }

  /// One rule with a detection, indented as under `detection:`.
  public static Rules detecting(String detection) {
    return of(text(detection));
  }

  /// Rules as they stand in a file.
  public static Rules of(String text) {
    RuleReader.Result read = new RuleReader(ADMINISTRATORS).read("test.yml", text);
    assertEquals(List.of(), read.problems());
    return new Rules(read.rules());
  }

  /// Rules that were read before.
  public static Rules of(List<SigmaRule> rules) {
    return new Rules(rules);
  }

  /// A rule whose one detection is `key: value`.
  public static Rules item(String key, String value) {
    return detecting("sel:\n  " + key + ": " + value + "\ncondition: sel");
  }

  /// Why a rule with the detection is refused.
  public static RuleProblem refusal(String detection) {
    RuleReader.Result read = new RuleReader(ADMINISTRATORS).read("test.yml", text(detection));
    List<RuleProblem> problems = new ArrayList<>(read.problems());
    problems.addAll(RuleSet.compile(read.rules(), new FieldTable()).problems());
    assertEquals(1, problems.size(), "refusals of " + detection);
    return problems.getFirst();
  }

  /// A rule with a detection, indented as under `detection:`.
  public static String text(String detection) {
    return "title: Test\nlogsource:\n  product: test\ndetection:\n" + detection.indent(2);
  }

  /// Whether any of the rules matches the event.
  public boolean match(String json) {
    return !matching(json).isEmpty();
  }

  /// The titles of the rules that match the event.
  public List<String> matching(String json) {
    List<String> titles = new ArrayList<>();
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    event.clear();
    try {
      assertEquals(bytes.length, reader.read(bytes, 0, bytes.length, event));
    } catch (EventFormatException e) {
      throw new AssertionError(json, e);
    }
    matcher.match(event, classifier.classify(event), (rule, _) -> titles.add(rule.title()));
    return titles;
  }
}
