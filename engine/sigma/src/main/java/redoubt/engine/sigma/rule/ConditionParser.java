package redoubt.engine.sigma.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// Reads the condition of a rule: names of its detections joined by `and`, `or`, `not`, `1 of`,
/// `any of`, `all of` and parentheses. `not` binds closest, then `and`, then `or`.
final class ConditionParser {
  private static final int DEPTH_LIMIT = 100;

  /// How often detections may be referred to, and how many tests that may come to.
  private static final int REFERENCES_LIMIT = 10_000;

  private static final int TESTS_LIMIT = 200_000;

  private static final Pattern TOKEN = Pattern.compile("\\s*([()|]|[A-Za-z0-9_*-]+)");

  private final Map<String, Selection> detections;
  private final int line;
  private final List<String> tokens;
  private int position;
  private int depth;
  private int references;

  private ConditionParser(Map<String, Selection> detections, int line, List<String> tokens) {
    this.detections = detections;
    this.line = line;
    this.tokens = tokens;
  }

  /// @param detections by name, in the rule's order
  /// @param line of the condition in its file
  static Selection parse(String condition, Map<String, Selection> detections, int line)
      throws RuleException {
    ConditionParser parser = new ConditionParser(detections, line, tokens(condition, line));
    Selection selection = parser.alternatives();
    if (parser.position < parser.tokens.size()) {
      throw parser.unexpected();
    }
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

  private static List<String> tokens(String condition, int line) throws RuleException {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(condition.strip());
    int end = 0;
    while (end < matcher.regionEnd() || tokens.isEmpty()) {
      if (!matcher.region(end, condition.strip().length()).lookingAt()) {
        throw new RuleException(
            Kind.CONDITION,
            line,
            "condition cannot be read: at=" + condition.strip().substring(end));
      }
      tokens.add(matcher.group(1));
      end = matcher.end();
    }
    return tokens;
  }

  private Selection alternatives() throws RuleException {
    List<Selection> parts = new ArrayList<>();
    do {
      parts.add(conjunction());
    } while (accept("or"));
    return Selection.any(parts);
  }

  private Selection conjunction() throws RuleException {
    List<Selection> parts = new ArrayList<>();
    do {
      parts.add(negation());
    } while (accept("and"));
    return Selection.all(parts);
  }

  private Selection negation() throws RuleException {
    if (++depth > DEPTH_LIMIT) {
      throw problem("condition is nested too deeply: limit=" + DEPTH_LIMIT);
    }
    Selection selection = accept("not") ? new Selection.Not(negation()) : operand();
    depth--;
    return selection;
  }

  private Selection operand() throws RuleException {
    if (accept("(")) {
      Selection inner = alternatives();
      if (!accept(")")) {
        throw problem("a parenthesis is not closed");
      }
      return inner;
    }
    if (position + 1 < tokens.size() && tokens.get(position + 1).equals("of")) {
      return quantified();
    }
    if (position == tokens.size()) {
      throw problem("condition ends where a detection was expected");
    }
    Selection detection = detections.get(tokens.get(position));
    if (detection == null) {
      throw unexpected();
    }
    position++;
    count(1);
    return detection;
  }

  private void count(int more) throws RuleException {
    references += more;
    if (references > REFERENCES_LIMIT) {
      throw problem("condition refers to too many detections: limit=" + REFERENCES_LIMIT);
    }
  }

  private Selection quantified() throws RuleException {
    String quantifier = tokens.get(position);
    if (position + 2 >= tokens.size()) {
      throw problem("condition ends after 'of'");
    }
    List<Selection> chosen = named(tokens.get(position + 2));
    if (chosen.isEmpty()) {
      throw problem("no detection has such a name: name=" + tokens.get(position + 2));
    }
    count(chosen.size());
    Selection selection =
        switch (quantifier) {
          case "1", "any" -> Selection.any(chosen);
          case "all" -> Selection.all(chosen);
          default -> throw problem("only '1 of', 'any of' and 'all of' exist: found=" + quantifier);
        };
    position += 3;
    return selection;
  }

  /// Names that begin with `_` are meant only by patterns that begin so too.
  private List<Selection> named(String pattern) {
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

  private boolean accept(String token) {
    if (position < tokens.size() && tokens.get(position).equals(token)) {
      position++;
      return true;
    }
    return false;
  }

  private RuleException unexpected() {
    String token = tokens.get(position);
    if (token.equals("|")) {
      return problem(
          "aggregations behind '|' are no longer part of Sigma: write a correlation rule");
    }
    if (token.equalsIgnoreCase("and")
        || token.equalsIgnoreCase("or")
        || token.equalsIgnoreCase("not")) {
      return problem(
          "'" + token + "' stands where a detection was expected, or is not in small letters");
    }
    return problem("no detection has such a name: name=" + token);
  }

  private RuleException problem(String reason) {
    return new RuleException(Kind.CONDITION, line, reason);
  }
}
