package redoubt.engine.sigma.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.event.EventFormatException;
import redoubt.engine.sigma.event.EventTime;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.event.JsonEvents;
import redoubt.engine.sigma.match.RuleMatcher;
import redoubt.engine.sigma.match.RuleSet;
import redoubt.engine.sigma.rule.Placeholders;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.RuleReader;
import redoubt.engine.sigma.rule.SigmaRule;

/// Correlation rules, type by type of the Sigma specification 2.1.0.
class CorrelatorTest {
  private static final String BASE =
      """
      title: Failed
      name: failed
      logsource: {product: test}
      detection: {sel: {what: failed}, condition: sel}
      ---
      title: Opened
      name: opened
      logsource: {product: test}
      detection: {sel: {what: opened}, condition: sel}
      ---
      title: Sent
      name: sent
      logsource: {product: test}
      detection: {sel: {what: sent}, condition: sel}
      """;
  private static final EventClass TEST = new EventClass(Set.of("test"), Set.of(), Set.of());

  /// Rules and what they have seen so far.
  private static final class Watch {
    private final FieldTable fields = new FieldTable();
    private final Correlations correlations;
    private final RuleMatcher matcher;
    private final Correlator correlator;
    private final EventTime time;
    private final Event event;
    private final JsonEvents reader;
    private final Set<String> titles = new java.util.TreeSet<>();

    Watch(String correlation) {
      RuleReader.Result read = new RuleReader(Placeholders.NONE).read("t.yml", BASE + correlation);
      assertEquals(List.of(), read.problems());
      RuleSet rules = RuleSet.compile(read.rules(), fields).rules();
      Correlations.Result tied = Correlations.compile(read.correlations(), read.rules(), fields);
      assertEquals(List.of(), tied.problems());
      correlations = tied.correlations();
      read.rules().stream()
          .filter(rule -> !correlations.silences(rule))
          .forEach(rule -> titles.add(rule.title()));
      time = new EventTime(fields);
      matcher = new RuleMatcher(rules);
      correlator = new Correlator(correlations, fields);
      event = new Event(fields);
      reader = new JsonEvents(fields, false);
    }

    /// What is reported of an event at a second.
    List<String> at(int second, String members) {
      List<String> told = new ArrayList<>();
      byte[] json =
          ("{\"timestamp\": " + (1_700_000_000L + second) + ", " + members + "}")
              .getBytes(StandardCharsets.UTF_8);
      event.clear();
      try {
        reader.read(json, 0, json.length, event);
      } catch (EventFormatException e) {
        throw new AssertionError(e);
      }
      List<SigmaRule> matched = new ArrayList<>();
      matcher.match(event, TEST, (rule, _) -> matched.add(rule));
      correlator.matched(
          matched,
          event,
          time,
          found -> told.add(found.rule().title() + " " + found.group() + " " + found.value()));
      return told;
    }

    List<String> failed(int second, String user) {
      return at(second, "\"what\": \"failed\", \"user\": \"" + user + "\"");
    }
  }

  private static String rule(String correlation) {
    return "---\ntitle: C\nname: c\ncorrelation:\n" + correlation.indent(2);
  }

  @Test
  void eventCount() {
    Watch watch =
        new Watch(
            rule(
                "type: event_count\nrules: [failed]\ngroup-by: [user]\ntimespan: 10s\n"
                    + "condition: {gte: 3}"));
    assertEquals(List.of(), watch.failed(0, "a"));
    assertEquals(List.of(), watch.failed(5, "a"));
    assertEquals(List.of(), watch.failed(6, "b"));
    assertEquals(List.of("C {user=a} 3.0"), watch.failed(10, "a"));
    assertEquals(List.of(), watch.failed(10, "a"), "it is told of once");
    assertEquals(List.of(), watch.failed(25, "a"), "the others are too old");
    assertEquals(List.of(), watch.failed(26, "a"));
    assertEquals(List.of("C {user=a} 3.0"), watch.failed(35, "a"));
  }

  @Test
  void eventCountWithARange() {
    Watch watch =
        new Watch(
            rule(
                "type: event_count\nrules: [failed]\ntimespan: 1h\n"
                    + "condition: {gt: 1, lte: 3}"));
    assertEquals(List.of(), watch.failed(0, "a"));
    assertEquals(List.of("C {} 2.0"), watch.failed(1, "b"));
    assertEquals(List.of(), watch.failed(2, "a"));
    assertEquals(List.of(), watch.failed(3, "a"));
  }

  @Test
  void valueCount() {
    Watch watch =
        new Watch(
            rule(
                "type: value_count\nrules: [failed]\ngroup-by: [host]\ntimespan: 10s\n"
                    + "condition: {field: user, gte: 3}"));
    String host = "\"what\": \"failed\", \"host\": \"h\", \"user\": ";
    assertEquals(List.of(), watch.at(0, host + "\"a\""));
    assertEquals(List.of(), watch.at(1, host + "\"b\""));
    assertEquals(List.of(), watch.at(2, host + "\"a\""));
    assertEquals(List.of("C {host=h} 3.0"), watch.at(11, host + "\"c\""));
    assertEquals(List.of(), watch.at(13, host + "\"c\""), "a and b are gone");
  }

  @Test
  void valueCountOfCombinations() {
    Watch watch =
        new Watch(
            rule(
                "type: value_count\nrules: [failed]\ntimespan: 10s\n"
                    + "condition: {field: [user, host], gte: 3}"));
    assertEquals(List.of(), watch.at(0, "\"what\": \"failed\", \"user\": \"a\", \"host\": \"h\""));
    assertEquals(List.of(), watch.at(0, "\"what\": \"failed\", \"user\": \"b\", \"host\": \"h\""));
    assertEquals(List.of(), watch.at(0, "\"what\": \"failed\", \"user\": \"a\""));
    assertEquals(
        List.of("C {} 3.0"), watch.at(0, "\"what\": \"failed\", \"user\": \"a\", \"host\": \"i\""));
  }

  @Test
  void temporal() {
    Watch watch =
        new Watch(
            rule("type: temporal\nrules: [failed, opened, sent]\ngroup-by: [user]\ntimespan: 10s"));
    assertEquals(List.of(), watch.at(0, "\"what\": \"sent\", \"user\": \"a\""));
    assertEquals(List.of(), watch.at(1, "\"what\": \"opened\", \"user\": \"a\""));
    assertEquals(List.of(), watch.failed(5, "b"));
    assertEquals(List.of("C {user=a} 1.0"), watch.failed(10, "a"));
    assertEquals(List.of(), watch.failed(11, "a"), "sent is too old");
    assertEquals(List.of("C {user=a} 1.0"), watch.at(11, "\"what\": \"sent\", \"user\": \"a\""));
  }

  @Test
  void temporalOrdered() {
    Watch watch =
        new Watch(
            rule(
                "type: temporal_ordered\nrules: [failed, opened, sent]\ngroup-by: [user]\n"
                    + "timespan: 10s"));
    assertEquals(List.of(), watch.at(0, "\"what\": \"sent\", \"user\": \"a\""));
    assertEquals(List.of(), watch.at(1, "\"what\": \"opened\", \"user\": \"a\""));
    assertEquals(List.of(), watch.failed(2, "a"));
    assertEquals(List.of(), watch.at(3, "\"what\": \"sent\", \"user\": \"a\""));
    assertEquals(List.of(), watch.at(4, "\"what\": \"opened\", \"user\": \"a\""));
    assertEquals(List.of(), watch.failed(5, "a"));
    assertEquals(List.of("C {user=a} 1.0"), watch.at(12, "\"what\": \"sent\", \"user\": \"a\""));
    assertEquals(List.of(), watch.at(12, "\"what\": \"sent\", \"user\": \"a\""));
    assertEquals(List.of(), watch.failed(20, "a"));
    assertEquals(List.of(), watch.at(21, "\"what\": \"opened\", \"user\": \"a\""));
    assertEquals(List.of(), watch.at(31, "\"what\": \"sent\", \"user\": \"a\""), "too late");
  }

  @Test
  void temporalWithACondition() {
    Watch watch =
        new Watch(
            rule(
                "type: temporal\nrules: [failed, opened, sent]\ngroup-by: [user]\n"
                    + "timespan: 10s\ncondition: sent and (failed or opened)"));
    assertEquals(List.of(), watch.at(0, "\"what\": \"opened\", \"user\": \"a\""));
    assertEquals(List.of(), watch.failed(1, "a"), "either is not enough");
    assertEquals(List.of(), watch.at(2, "\"what\": \"sent\", \"user\": \"b\""));
    assertEquals(List.of("C {user=a} 1.0"), watch.at(3, "\"what\": \"sent\", \"user\": \"a\""));
    assertEquals(List.of(), watch.at(4, "\"what\": \"sent\", \"user\": \"a\""), "told of once");
    assertEquals(List.of(), watch.failed(20, "a"), "sent is too old");
    assertEquals(List.of("C {user=a} 1.0"), watch.at(21, "\"what\": \"sent\", \"user\": \"a\""));
  }

  @Test
  void notLooksBackOverTheTimespan() {
    Watch watch = new Watch(rule("type: temporal\ntimespan: 10s\ncondition: sent and not opened"));
    assertEquals(List.of(), watch.at(0, "\"what\": \"opened\""));
    assertEquals(List.of(), watch.at(10, "\"what\": \"sent\""), "opened just then");
    assertEquals(List.of("C {} 1.0"), watch.at(11, "\"what\": \"sent\""));
    assertEquals(List.of(), watch.at(12, "\"what\": \"opened\""), "takes nothing back");
    assertEquals(List.of(), watch.at(13, "\"what\": \"sent\""));
    assertEquals(List.of("C {} 1.0"), watch.at(30, "\"what\": \"sent\""), "again, alone");
    assertEquals(List.of(), watch.at(31, "\"what\": \"sent\""), "still holds");
    assertEquals(List.of("C {} 1.0"), watch.at(50, "\"what\": \"sent\""), "did not in between");
  }

  /// Whichever rule is found first.
  @Test
  void rulesThatMatchTheSameEventCountTogether() {
    for (String condition : List.of("sent and not opened", "opened and not sent")) {
      Watch watch = new Watch(rule("type: temporal\ntimespan: 10s\ncondition: " + condition));
      assertEquals(List.of(), watch.at(0, "\"what\": [\"sent\", \"opened\"]"));
      assertEquals(List.of(), watch.at(0, "\"what\": [\"opened\", \"sent\"]"));
    }
    Watch ordered = new Watch(rule("type: temporal_ordered\nrules: [opened, sent]\ntimespan: 10s"));
    assertEquals(List.of("C {} 1.0"), ordered.at(0, "\"what\": [\"sent\", \"opened\"]"));
  }

  @Test
  void temporalOrderedWithACondition() {
    Watch watch =
        new Watch(
            rule(
                "type: temporal_ordered\nrules: [failed, opened, sent]\ntimespan: 10s\n"
                    + "condition: failed and (opened or sent)"));
    assertEquals(List.of(), watch.at(0, "\"what\": \"sent\""));
    assertEquals(List.of(), watch.failed(1, "a"), "the other way round");
    assertEquals(List.of("C {} 1.0"), watch.at(2, "\"what\": \"sent\""));
    assertEquals(List.of(), watch.at(3, "\"what\": \"sent\""), "that one is used up");
    assertEquals(List.of("C {} 1.0"), watch.at(4, "\"what\": \"opened\""), "this one is not");
    assertEquals(List.of(), watch.failed(5, "a"));
    assertEquals(List.of(), watch.at(16, "\"what\": \"sent\""), "too late");
  }

  @Test
  void anOrderedNotForbidsWhereverItStands() {
    Watch watch =
        new Watch(
            rule(
                "type: temporal_ordered\nrules: [failed, opened, sent]\ntimespan: 10s\n"
                    + "condition: failed and not opened and sent"));
    assertEquals(List.of(), watch.failed(0, "a"));
    assertEquals(List.of(), watch.at(1, "\"what\": \"opened\""));
    assertEquals(List.of(), watch.at(2, "\"what\": \"sent\""), "opened between");
    assertEquals(List.of(), watch.failed(3, "a"));
    assertEquals(List.of(), watch.at(4, "\"what\": \"sent\""), "opened before");
    assertEquals(List.of("C {} 1.0"), watch.at(12, "\"what\": \"sent\""), "opened too long ago");
  }

  @Test
  void aConditionMayNameCorrelations() {
    Watch watch =
        new Watch(
            rule(
                    "type: event_count\nrules: [failed]\ngroup-by: [user]\ntimespan: 10s\n"
                        + "condition: {gte: 2}")
                + "---\ntitle: D\ncorrelation:\n  type: temporal\n  group-by: [user]\n"
                + "  timespan: 10s\n  condition: opened and not c\n");
    assertEquals(List.of("D {user=a} 1.0"), watch.at(0, "\"what\": \"opened\", \"user\": \"a\""));
    assertEquals(List.of(), watch.failed(20, "a"));
    assertEquals(
        List.of("C {user=a} 2.0"),
        watch.at(21, "\"what\": [\"failed\", \"opened\"], \"user\": \"a\""),
        "what the same event leads to counts too");
    assertEquals(List.of("D {user=b} 1.0"), watch.at(22, "\"what\": \"opened\", \"user\": \"b\""));
  }

  @Test
  void whatAConditionNamesIsSilent() {
    Watch watch = new Watch(rule("type: temporal\ntimespan: 10s\ncondition: sent and not opened"));
    assertEquals(Set.of("Failed"), watch.titles);
  }

  @Test
  void isReportedAgainAfterItsWindowWasEmpty() {
    Watch watch =
        new Watch(rule("type: event_count\nrules: [failed]\ntimespan: 10s\ncondition: {gte: 1}"));
    assertEquals(List.of("C {} 1.0"), watch.failed(0, "a"));
    assertEquals(List.of(), watch.failed(10, "a"));
    assertEquals(List.of("C {} 1.0"), watch.failed(21, "a"));
  }

  /// An empty window has no average that could still be below 100.
  @ParameterizedTest
  @ValueSource(strings = {"value_avg", "value_median", "value_percentile"})
  void aStatisticThatIsLowIsReportedAgainAfterItsWindowWasEmpty(String type) {
    String percentile = type.equals("value_percentile") ? ", percentile: 30" : "";
    Watch watch =
        new Watch(
            rule(
                "type: "
                    + type
                    + "\nrules: [sent]\ntimespan: 10s\ncondition: {field: bytes, lt: 100"
                    + percentile
                    + "}"));
    assertEquals(List.of("C {} 8.0"), watch.at(0, "\"what\": \"sent\", \"bytes\": 8"));
    assertEquals(List.of(), watch.at(5, "\"what\": \"sent\", \"bytes\": 8"));
    assertEquals(List.of("C {} 8.0"), watch.at(30, "\"what\": \"sent\", \"bytes\": 8"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"value_sum 30", "value_avg 10", "value_median 8", "value_percentile 4"})
  void statistics(String typeAndValue) {
    String[] words = typeAndValue.split(" ");
    String percentile = words[0].equals("value_percentile") ? ", percentile: 30" : "";
    Watch watch =
        new Watch(
            rule(
                "type: "
                    + words[0]
                    + "\nrules: [sent]\ntimespan: 10s\ncondition: {field: bytes, eq: "
                    + words[1]
                    + percentile
                    + "}"));
    assertEquals(List.of(), watch.at(0, "\"what\": \"sent\", \"bytes\": 1000"));
    assertEquals(List.of(), watch.at(12, "\"what\": \"sent\", \"bytes\": 18"));
    assertEquals(List.of(), watch.at(12, "\"what\": \"sent\", \"bytes\": \"many\""));
    // Percentiles: of two numbers the lower one already is the thirtieth.
    List<String> two = watch.at(13, "\"what\": \"sent\", \"bytes\": 4");
    List<String> three = watch.at(14, "\"what\": \"sent\", \"bytes\": \"8\"");
    List<String> told = new ArrayList<>(two);
    told.addAll(three);
    assertEquals(
        List.of(String.format(Locale.ROOT, "C {} %.1f", Double.parseDouble(words[1]))), told);
  }

  @Test
  void aliasesSayWhichFieldIsMeant() {
    Watch watch =
        new Watch(
            rule(
                "type: temporal\nrules: [failed, sent]\ngroup-by: [who]\n"
                    + "aliases: {who: {failed: user, sent: sender}}\ntimespan: 10s"));
    assertEquals(List.of(), watch.failed(0, "a"));
    assertEquals(List.of(), watch.at(1, "\"what\": \"sent\", \"sender\": \"b\""));
    assertEquals(List.of("C {who=a} 1.0"), watch.at(2, "\"what\": \"sent\", \"sender\": \"a\""));
  }

  @Test
  void correlationsMayBeAboutOneAnother() {
    Watch watch =
        new Watch(
            rule(
                    "type: event_count\nrules: [failed]\ngroup-by: [user]\ntimespan: 10s\n"
                        + "condition: {gte: 2}")
                + "---\ntitle: D\ncorrelation:\n  type: temporal_ordered\n  rules: [c, opened]\n"
                + "  group-by: [user]\n  timespan: 10s\n");
    assertEquals(List.of(), watch.failed(0, "a"));
    assertEquals(List.of("C {user=a} 2.0"), watch.failed(1, "a"));
    assertEquals(List.of(), watch.at(2, "\"what\": \"opened\", \"user\": \"b\""));
    assertEquals(List.of("D {user=a} 1.0"), watch.at(3, "\"what\": \"opened\", \"user\": \"a\""));
  }

  @Test
  void rulesOfACorrelationAreSilentUnlessItSaysOtherwise() {
    String correlation = "type: event_count\nrules: [failed]\ntimespan: 10s\ncondition: {gte: 2}";
    assertEquals(Set.of("Opened", "Sent"), new Watch(rule(correlation)).titles);
    assertEquals(
        Set.of("Failed", "Opened", "Sent"),
        new Watch(rule(correlation + "\ngenerate: true")).titles);
  }

  @Test
  void anEventThatComesLateCountsAsOfTheLatest() {
    Watch watch =
        new Watch(rule("type: event_count\nrules: [failed]\ntimespan: 10s\ncondition: {gte: 2}"));
    assertEquals(List.of(), watch.failed(100, "a"));
    assertEquals(List.of("C {} 2.0"), watch.failed(0, "a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type: often\nrules: [failed]\ntimespan: 1s\ncondition: {gte: 1}",
        "type: event_count\nrules: []\ntimespan: 1s\ncondition: {gte: 1}",
        "type: event_count\nrules: [failed]\ntimespan: soon\ncondition: {gte: 1}",
        "type: event_count\nrules: [failed]\ncondition: {gte: 1}",
        "type: event_count\nrules: [failed]\ntimespan: 1s",
        "type: event_count\nrules: [failed]\ntimespan: 1s\ncondition: {about: 1}",
        "type: event_count\nrules: [failed]\ntimespan: 1s\ncondition: {gte: many}",
        "type: value_count\nrules: [failed]\ntimespan: 1s\ncondition: {gte: 1}",
        "type: value_sum\nrules: [failed]\ntimespan: 1s\ncondition: {field: [a, b], gte: 1}",
        "type: value_percentile\nrules: [failed]\ntimespan: 1s\ncondition: {field: a, gte: 1}",
        "type: temporal\nrules: [failed]\ntimespan: 1s\ncondition: {gte: 1}",
        "type: temporal\nrules: [failed]\ntimespan: 1s\ncondition: [failed]",
        "type: temporal\nrules: [failed]\ntimespan: 1s\ncondition: ''",
        "type: temporal\nrules: [failed]\ntimespan: 1s\ncondition: failed and",
        "type: temporal\nrules: [failed]\ntimespan: 1s\ncondition: (failed",
        "type: temporal\nrules: [failed]\ntimespan: 1s\ncondition: failed sent",
        "type: temporal\nrules: [failed]\ntimespan: 1s\ncondition: failed or sent",
        "type: temporal\nrules: [failed, sent]\ntimespan: 1s\ncondition: failed",
        "type: temporal\nrules: [failed, failed]\ntimespan: 1s\ncondition: failed",
        "type: temporal\ntimespan: 1s\ncondition: failed AND sent",
        "type: temporal\ntimespan: 1s\ncondition: failed and nobody",
        "type: temporal\ntimespan: 1s\ncondition: 1 of failed*",
        "type: temporal\ntimespan: 1s\ncondition: failed | count() > 1",
        "type: temporal\ntimespan: 1s\ncondition: not failed",
        "type: temporal\ntimespan: 1s\ncondition: failed or not sent",
        "type: temporal_ordered\ntimespan: 1s\ncondition: not (failed and sent)",
        "type: temporal\ntimespan: 1s\ncondition: failed and not failed",
        "type: temporal\ntimespan: 1s",
        "type: event_count\nrules: [failed]\ntimespan: 1s\ncondition: failed",
        "type: event_count\nrules: [nobody]\ntimespan: 1s\ncondition: {gte: 1}",
        "type: event_count\nrules: [c]\ntimespan: 1s\ncondition: {gte: 1}",
        "type: event_count\nrules: [failed]\ntimespan: 1s\ncondition: {gte: 1000001}"
      })
  void whatCannotBeUsedIsRefused(String correlation) {
    RuleReader.Result read =
        new RuleReader(Placeholders.NONE).read("t.yml", BASE + rule(correlation));
    List<RuleProblem> problems = new ArrayList<>(read.problems());
    problems.addAll(
        Correlations.compile(read.correlations(), read.rules(), new FieldTable()).problems());
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().origin().line() > 10, problems.toString());
  }
}
