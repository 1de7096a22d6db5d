package redoubt.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import redoubt.core.model.Place;
import redoubt.engine.sigma.rule.Alternative;
import redoubt.engine.sigma.rule.CorrelationRule;
import redoubt.engine.sigma.rule.Selection;
import redoubt.engine.sigma.rule.TextPattern;
import redoubt.engine.sigma.rule.ValueTest;

/// Says in words what a rule looks for.
final class RuleText {
  private static final String INDENT = "  ";

  private RuleText() {}

  /// One test a line, indented under what joins them.
  static List<String> lines(Selection selection) {
    List<String> lines = new ArrayList<>();
    add(lines, selection, "");
    return lines;
  }

  /// What is counted or computed, and when it is reported.
  static List<String> lines(CorrelationRule rule) {
    List<String> lines = new ArrayList<>();
    lines.add(RuleCommands.word(rule.type()) + " of " + String.join(", ", rule.rules()));
    if (!rule.fields().isEmpty()) {
      lines.add(INDENT + "values of " + String.join(", ", rule.fields()));
    }
    lines.add(
        INDENT
            + (rule.groupBy().isEmpty()
                ? "all together"
                : "for each " + String.join(", ", rule.groupBy())));
    lines.add(
        INDENT + "within " + rule.timespan().toString().substring(2).toLowerCase(Locale.ROOT));
    addAlternatives(lines, rule);
    for (CorrelationRule.Threshold threshold : rule.conditions()) {
      lines.add(
          INDENT
              + (threshold.negated() ? "not " : "")
              + sign(threshold.comparison())
              + " "
              + number(threshold.number()));
    }
    return lines;
  }

  /// Which rules must have matched, unless it is simply all of them.
  private static void addAlternatives(List<String> lines, CorrelationRule rule) {
    for (Alternative alternative : rule.alternatives()) {
      if (alternative.required().size() < rule.rules().size()) {
        lines.add(
            INDENT
                + "if "
                + names(rule, alternative.required())
                + (alternative.forbidden().isEmpty()
                    ? ""
                    : " without " + names(rule, alternative.forbidden())));
      }
    }
  }

  private static String names(CorrelationRule rule, List<Integer> numbers) {
    return String.join(", ", numbers.stream().map(rule.rules()::get).toList());
  }

  private static void add(List<String> lines, Selection selection, String indent) {
    switch (selection) {
      case Selection.AllOf(List<Selection> parts) -> addAll(lines, "all of", parts, indent);
      case Selection.AnyOf(List<Selection> parts) -> addAll(lines, "any of", parts, indent);
      case Selection.Not(Selection part) -> addAll(lines, "not", List.of(part), indent);
      case Selection.Item(Selection tests) -> add(lines, tests, indent);
      case Selection.Field(String field, ValueTest test) ->
          lines.add(indent + field + " " + words(test));
      case Selection.AnyField(ValueTest test) -> lines.add(indent + "some field " + words(test));
    }
  }

  private static void addAll(
      List<String> lines, String head, List<Selection> parts, String indent) {
    lines.add(indent + head);
    parts.forEach(part -> add(lines, part, indent + INDENT));
  }

  private static String words(ValueTest test) {
    return switch (test) {
      case ValueTest.Text(TextPattern pattern, boolean cased) ->
          text(pattern) + (cased ? ", capitals as written" : "");
      case ValueTest.Regex regex ->
          "matches the expression '" + regex.expression() + "'" + flags(regex);
      case ValueTest.Compared(ValueTest.Comparison comparison, double number) ->
          sign(comparison) + " " + number(number);
      case ValueTest.Network network ->
          "is in the network " + network.address().getHostAddress() + "/" + network.prefixBits();
      case ValueTest.Exists(boolean expected) -> expected ? "is there" : "is not there";
      case ValueTest.Null _ -> "has no value";
      case ValueTest.OtherField other -> place(other.place()) + " the value of " + other.field();
      case ValueTest.TimePart part ->
          "has a "
              + RuleCommands.word(part.unit())
              + " "
              + sign(part.comparison())
              + " "
              + part.number();
    };
  }

  private static String text(TextPattern pattern) {
    TextPattern inner = pattern.core();
    String shown =
        inner.hasWildcards() || inner.parts().isEmpty() ? inner.toString() : inner.requireLiteral();
    return place(pattern.place()) + " '" + shown + "'";
  }

  private static String place(Place place) {
    return switch (place) {
      case WHOLE -> "is";
      case ANYWHERE -> "contains";
      case START -> "begins with";
      case END -> "ends with";
    };
  }

  private static String sign(ValueTest.Comparison comparison) {
    return switch (comparison) {
      case EQ -> "=";
      case LT -> "<";
      case LTE -> "<=";
      case GT -> ">";
      case GTE -> ">=";
    };
  }

  private static String number(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  private static String flags(ValueTest.Regex regex) {
    String flags =
        (regex.ignoringCase() ? "i" : "")
            + (regex.multiLine() ? "m" : "")
            + (regex.dotMatchesLineEnd() ? "s" : "");
    return flags.isEmpty() ? "" : " (" + flags + ")";
  }
}
