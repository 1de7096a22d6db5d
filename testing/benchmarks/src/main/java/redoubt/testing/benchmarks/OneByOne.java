package redoubt.testing.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.rule.Selection;
import redoubt.engine.sigma.rule.SigmaRule;
import redoubt.engine.sigma.rule.TextPattern;
import redoubt.engine.sigma.rule.ValueTest;

/// The yardstick of the Sigma engine: each rule by itself, each text sought by itself. It knows log
/// sources, and texts without wildcards within; whatever else a rule asks for does not hold.
final class OneByOne {
  private final List<SigmaRule> rules;

  OneByOne(List<SigmaRule> rules) {
    this.rules = rules;
  }

  /// How many rules match.
  int match(Map<String, String> event, EventClass eventClass) {
    int matches = 0;
    for (SigmaRule rule : rules) {
      if (eventClass.belongsTo(rule.logSource()) && holds(rule.selection(), event)) {
        matches++;
      }
    }
    return matches;
  }

  private static boolean holds(Selection selection, Map<String, String> event) {
    return switch (selection) {
      case Selection.AllOf(List<Selection> parts) ->
          parts.stream().allMatch(part -> holds(part, event));
      case Selection.AnyOf(List<Selection> parts) ->
          parts.stream().anyMatch(part -> holds(part, event));
      case Selection.Not(Selection part) -> !holds(part, event);
      case Selection.Item(Selection tests) -> holds(tests, event);
      case Selection.Field(String field, ValueTest.Null _) -> !event.containsKey(field);
      case Selection.Field(String field, ValueTest test) ->
          event.containsKey(field) && passes(test, event.get(field));
      case Selection.AnyField(ValueTest test) ->
          event.values().stream().anyMatch(value -> passes(test, value));
    };
  }

  private static boolean passes(ValueTest test, String value) {
    return switch (test) {
      case ValueTest.Text(TextPattern pattern, _) ->
          passes(pattern, value.toLowerCase(Locale.ROOT));
      case ValueTest.Regex regex -> Pattern.compile(regex.expression()).matcher(value).find();
      default -> false;
    };
  }

  private static boolean passes(TextPattern pattern, String value) {
    List<TextPattern.Part> parts = pattern.parts();
    boolean openStart = !parts.isEmpty() && parts.getFirst() == TextPattern.Wildcard.ANY;
    boolean openEnd = parts.size() > 1 && parts.getLast() == TextPattern.Wildcard.ANY;
    int literals = parts.size() - (openStart ? 1 : 0) - (openEnd ? 1 : 0);
    if (literals != 1
        || !(parts.get(openStart ? 1 : 0) instanceof TextPattern.Literal(String text))) {
      return parts.isEmpty() && value.isEmpty();
    }
    String sought = text.toLowerCase(Locale.ROOT);
    if (openStart) {
      return openEnd ? value.contains(sought) : value.endsWith(sought);
    }
    return openEnd ? value.startsWith(sought) : value.equals(sought);
  }
}
