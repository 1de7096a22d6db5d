package redoubt.engine.sigma.pipeline;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redoubt.engine.sigma.rule.RuleException;

/// Reads an expression that joins conditions by their names: `and`, `or`, `not` and parentheses.
/// `not` binds closest, then `and`, then `or`.
final class ExpressionReader<C> {
  private static final int DEPTH_LIMIT = 50;
  private static final Pattern TOKEN = Pattern.compile("\\s*([()]|[A-Za-z0-9_-]+)\\s*");

  private final Map<String, C> conditions;
  private final Set<String> used = new HashSet<>();
  private final List<String> tokens = new ArrayList<>();
  private final String text;
  private final int line;
  private int position;
  private int depth;

  private ExpressionReader(String text, Map<String, C> conditions, int line) {
    this.text = text;
    this.conditions = conditions;
    this.line = line;
  }

  /// The conditions as the expression joins them, which it must all name.
  ///
  /// @param line where the expression stands
  static <C> Joined<C> read(String text, Map<String, C> conditions, int line) throws RuleException {
    return new ExpressionReader<>(text, conditions, line).whole();
  }

  private Joined<C> whole() throws RuleException {
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (end < text.length()) {
      if (!matcher.region(end, text.length()).lookingAt()) {
        throw problem("an expression cannot be read");
      }
      tokens.add(matcher.group(1));
      end = matcher.end();
    }
    Joined<C> joined = alternatives();
    if (position < tokens.size()) {
      throw problem("an expression goes on where it ends");
    }
    if (!used.equals(conditions.keySet())) {
      throw problem("an expression does not name all conditions");
    }
    return joined;
  }

  private Joined<C> alternatives() throws RuleException {
    List<Joined<C>> parts = new ArrayList<>();
    do {
      parts.add(conjunction());
    } while (accept("or"));
    return new Joined.Several<>(parts, true, false);
  }

  private Joined<C> conjunction() throws RuleException {
    List<Joined<C>> parts = new ArrayList<>();
    do {
      parts.add(operand());
    } while (accept("and"));
    return new Joined.Several<>(parts, false, false);
  }

  private Joined<C> operand() throws RuleException {
    if (++depth > DEPTH_LIMIT) {
      throw problem("an expression is nested too deeply");
    }
    Joined<C> operand;
    if (accept("not")) {
      operand = new Joined.Several<>(List.of(operand()), false, true);
    } else if (accept("(")) {
      operand = alternatives();
      if (!accept(")")) {
        throw problem("a parenthesis is not closed");
      }
    } else {
      operand = new Joined.One<>(named());
    }
    depth--;
    return operand;
  }

  private C named() throws RuleException {
    if (position == tokens.size()) {
      throw problem("an expression ends where a condition was expected");
    }
    String name = tokens.get(position);
    C condition = conditions.get(name);
    if (condition == null) {
      throw problem("no condition has such a name: name=" + name);
    }
    used.add(name);
    position++;
    return condition;
  }

  private boolean accept(String token) {
    if (position < tokens.size() && tokens.get(position).equals(token)) {
      position++;
      return true;
    }
    return false;
  }

  private RuleException problem(String problem) {
    return Parameters.problem(line, problem + ": expression=" + text);
  }
}
