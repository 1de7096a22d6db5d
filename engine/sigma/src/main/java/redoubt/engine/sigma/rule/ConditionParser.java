package redoubt.engine.sigma.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads the condition of a rule: names of its detections, `1 of`, `any of` and `all of` them,
/// joined as [BooleanParser] says.
final class ConditionParser extends BooleanParser<Selection> {
  /// How often detections may be referred to, and how many tests that may come to.
  private static final int REFERENCES_LIMIT = 10_000;

  private static final int TESTS_LIMIT = 200_000;

  private final Map<String, Selection> detections;

  private ConditionParser(String condition, Map<String, Selection> detections, int line)
      throws RuleException {
    super(condition, line, REFERENCES_LIMIT);
    this.detections = detections;
  }

  /// @param detections by name, in the rule's order
  /// @param line of the condition in its file
  static Selection parse(String condition, Map<String, Selection> detections, int line)
      throws RuleException {
    ConditionParser parser = new ConditionParser(condition, detections, line);
    Selection selection = parser.parse();
    if (tests(selection, 0) > TESTS_LIMIT) {
      throw parser.problem("condition comes to too many tests: limit=" + TESTS_LIMIT);
    }
    return selection;
  }

  /// How many tests there are; more than the limit, if there are more.
  private static int tests(Selection selection, int before) {
    int tests = before;
    switch (selection) {
      case Selection.AllOf(List<Selection> parts) -> tests = tests(parts, tests);
      case Selection.AnyOf(List<Selection> parts) -> tests = tests(parts, tests);
      case Selection.Not(Selection part) -> tests = tests(part, tests);
      case Selection.Item(Selection item) -> tests = tests(item, tests);
      case Selection.Field _, Selection.AnyField _ -> tests++;
    }
    return tests;
  }

  private static int tests(List<Selection> parts, int before) {
    int tests = before;
    for (Selection part : parts) {
      tests = tests > TESTS_LIMIT ? tests : tests(part, tests);
    }
    return tests;
  }

  @Override
  String named() {
    return "detection";
  }

  @Override
  Selection any(List<Selection> parts) {
    return Selection.any(parts);
  }

  @Override
  Selection all(List<Selection> parts) {
    return Selection.all(parts);
  }

  @Override
  Selection not(Selection part) {
    return new Selection.Not(part);
  }

  @Override
  Selection operand(String token) throws RuleException {
    if (accept("of")) {
      return quantified(token, take());
    }
    Selection detection = detections.get(token);
    if (detection == null) {
      throw unexpected(token);
    }
    count(1);
    return detection;
  }

  private Selection quantified(String quantifier, String pattern) throws RuleException {
    if (pattern.isEmpty()) {
      throw problem("condition ends after 'of'");
    }
    List<Selection> chosen = fitting(pattern);
    if (chosen.isEmpty()) {
      throw problem("no detection has such a name: name=" + pattern);
    }
    count(chosen.size());
    return switch (quantifier) {
      case "1", "any" -> Selection.any(chosen);
      case "all" -> Selection.all(chosen);
      default -> throw problem("only '1 of', 'any of' and 'all of' exist: found=" + quantifier);
    };
  }

  /// Names that begin with `_` are meant only by patterns that begin so too.
  private List<Selection> fitting(String pattern) {
    boolean them = pattern.equals("them");
    List<Selection> chosen = new ArrayList<>();
    detections.forEach((candidate, selection) -> {
      boolean hidden = candidate.startsWith("_") && !pattern.startsWith("_");
      if (!hidden && (them || fits(candidate, pattern))) {
        chosen.add(selection);
      }
    });
    return chosen;
  }

  /// Whether a name is as a pattern says, in which `*` stands for anything.
  private static boolean fits(String name, String pattern) {
    String[] pieces = pattern.split("\\*+", -1);
    if (pieces.length == 1) {
      return name.equals(pattern);
    }
    String last = pieces[pieces.length - 1];
    if (!name.startsWith(pieces[0]) || !name.endsWith(last)) {
      return false;
    }
    int at = pieces[0].length();
    for (int i = 1; i < pieces.length - 1; i++) {
      int found = name.indexOf(pieces[i], at);
      if (found < 0) {
        return false;
      }
      at = found + pieces[i].length();
    }
    return at <= name.length() - last.length();
  }
}
