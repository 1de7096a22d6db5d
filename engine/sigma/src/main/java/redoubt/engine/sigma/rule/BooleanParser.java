package redoubt.engine.sigma.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// Reads conditions: operands joined by `and`, `or`, `not` and parentheses. `not` binds closest,
/// then `and`, then `or`. What operands are, and what becomes of them, the kinds of condition say.
///
/// @param <T> what a condition is read into
abstract class BooleanParser<T> {
  private static final int DEPTH_LIMIT = 100;

  private static final Pattern TOKEN = Pattern.compile("\\s*([()|]|[A-Za-z0-9_*-]+)");

  private final List<String> tokens;
  private final int line;
  private final int namesLimit;
  private int position;
  private int depth;
  private int names;

  /// @param line of the condition in its file
  /// @param namesLimit how many names the condition may come to
  BooleanParser(String condition, int line, int namesLimit) throws RuleException {
    this.tokens = tokens(condition.strip(), line);
    this.line = line;
    this.namesLimit = namesLimit;
  }

  private static List<String> tokens(String condition, int line) throws RuleException {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(condition);
    int end = 0;
    while (end < condition.length() || tokens.isEmpty()) {
      if (!matcher.region(end, condition.length()).lookingAt()) {
        throw new RuleException(
            Kind.CONDITION, line, "condition cannot be read: at=" + condition.substring(end));
      }
      tokens.add(matcher.group(1));
      end = matcher.end();
    }
    return tokens;
  }

  /// Reads the whole condition.
  final T parse() throws RuleException {
    T condition = alternatives();
    if (position < tokens.size()) {
      throw unexpected(tokens.get(position));
    }
    return condition;
  }

  // ---- what the kinds of condition say

  /// Reads the operand that begins with a token, and may take more of them.
  abstract T operand(String token) throws RuleException;

  /// What an operand is the name of.
  abstract String named();

  abstract T any(List<T> parts) throws RuleException;

  abstract T all(List<T> parts) throws RuleException;

  abstract T not(T part) throws RuleException;

  // ---- what they may ask for

  /// The next token, which is taken; empty if there is none.
  final String take() {
    return position < tokens.size() ? tokens.get(position++) : "";
  }

  /// Takes the next token if it is this one.
  final boolean accept(String token) {
    if (position < tokens.size() && tokens.get(position).equals(token)) {
      position++;
      return true;
    }
    return false;
  }

  /// Counts names.
  final void count(int more) throws RuleException {
    names += more;
    if (names > namesLimit) {
      throw problem("condition refers to too many " + named() + "s: limit=" + namesLimit);
    }
  }

  /// Why a token is no operand.
  final RuleException unexpected(String token) {
    if (token.equals("|")) {
      return problem(
          "aggregations behind '|' are no longer part of Sigma: write a correlation rule");
    }
    if (token.equalsIgnoreCase("and")
        || token.equalsIgnoreCase("or")
        || token.equalsIgnoreCase("not")) {
      return problem(
          "'"
              + token
              + "' stands where a "
              + named()
              + " was expected, or is not in small letters");
    }
    return problem("no " + named() + " has such a name: name=" + token);
  }

  final RuleException problem(String reason) {
    return problem(Kind.CONDITION, reason);
  }

  final RuleException problem(Kind kind, String reason) {
    return new RuleException(kind, line, reason);
  }

  // ---- the grammar

  private T alternatives() throws RuleException {
    List<T> parts = new ArrayList<>();
    do {
      parts.add(conjunction());
    } while (accept("or"));
    return any(parts);
  }

  private T conjunction() throws RuleException {
    List<T> parts = new ArrayList<>();
    do {
      parts.add(negation());
    } while (accept("and"));
    return all(parts);
  }

  private T negation() throws RuleException {
    if (++depth > DEPTH_LIMIT) {
      throw problem("condition is nested too deeply: limit=" + DEPTH_LIMIT);
    }
    T condition = accept("not") ? not(negation()) : enclosed();
    depth--;
    return condition;
  }

  private T enclosed() throws RuleException {
    if (accept("(")) {
      T inner = alternatives();
      if (!accept(")")) {
        throw problem("a parenthesis is not closed");
      }
      return inner;
    }
    String token = take();
    if (token.isEmpty()) {
      throw problem("condition ends where a " + named() + " was expected");
    }
    return operand(token);
  }
}
