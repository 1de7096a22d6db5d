package redoubt.engine.sigma.rule;

import java.util.ArrayList;
import java.util.List;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// Reads the condition of a temporal correlation: its rules by id or name, joined as
/// [BooleanParser] says.
///
/// Source: Sigma specification, extension 198.
final class MatchConditionParser extends BooleanParser<List<Alternative>> {
  private static final int ALTERNATIVES_LIMIT = 64;
  private static final int NAMES_LIMIT = 100;

  private final List<String> rules = new ArrayList<>();
  private final boolean isFixed;
  private final boolean[] used;

  /// What a condition says.
  ///
  /// @param rules what it calls the rules, in their order
  record Result(List<String> rules, List<Alternative> alternatives) {}

  private MatchConditionParser(String condition, List<String> rules, int line)
      throws RuleException {
    super(condition, line, NAMES_LIMIT);
    this.rules.addAll(rules);
    this.isFixed = !rules.isEmpty();
    this.used = new boolean[rules.size()];
  }

  /// @param rules those that the correlation lists, each of which the condition must name; if there
  ///   are none, those that the condition names, in its order
  /// @param line of the condition in its file
  static Result parse(String condition, List<String> rules, int line) throws RuleException {
    MatchConditionParser parser = new MatchConditionParser(condition, rules, line);
    List<Alternative> alternatives = Alternative.withoutNeedless(parser.parse());
    for (int i = 0; i < parser.used.length; i++) {
      if (!parser.used[i]) {
        throw parser.problem("the condition does not name a rule: rule=" + parser.rules.get(i));
      }
    }
    if (alternatives.isEmpty()) {
      throw parser.problem("the condition can never hold");
    }
    if (alternatives.stream().anyMatch(one -> one.required().isEmpty())) {
      throw parser.problem(
          Kind.UNSUPPORTED,
          "the condition holds where nothing matched: beside 'not' it needs a rule that did");
    }
    return new Result(List.copyOf(parser.rules), alternatives);
  }

  @Override
  String named() {
    return "rule";
  }

  @Override
  List<Alternative> operand(String token) throws RuleException {
    int number = rules.indexOf(token);
    if (number < 0) {
      if (isFixed || !isName(token)) {
        throw unexpected(token);
      }
      number = rules.size();
      rules.add(token);
    } else if (isFixed) {
      used[number] = true;
    }
    count(1);
    return List.of(new Alternative(List.of(number), List.of()));
  }

  /// Whether a token may be what a rule is called.
  private static boolean isName(String token) {
    return !token.contains("*")
        && !token.equals(")")
        && !token.equals("|")
        && !token.equalsIgnoreCase("and")
        && !token.equalsIgnoreCase("or")
        && !token.equalsIgnoreCase("not");
  }

  @Override
  List<Alternative> any(List<List<Alternative>> parts) throws RuleException {
    List<Alternative> any = List.of();
    for (List<Alternative> part : parts) {
      any = limited(Alternative.either(any, part));
    }
    return any;
  }

  @Override
  List<Alternative> all(List<List<Alternative>> parts) throws RuleException {
    List<Alternative> all = List.of(Alternative.ALWAYS);
    for (List<Alternative> part : parts) {
      all = limited(Alternative.both(all, part));
    }
    return all;
  }

  @Override
  List<Alternative> not(List<Alternative> part) throws RuleException {
    List<Alternative> not = List.of(Alternative.ALWAYS);
    for (Alternative alternative : part) {
      not = limited(Alternative.both(not, alternative.opposite()));
    }
    return not;
  }

  private List<Alternative> limited(List<Alternative> alternatives) throws RuleException {
    if (alternatives.size() > ALTERNATIVES_LIMIT) {
      throw problem(
          Kind.UNSUPPORTED,
          "the condition comes to too many alternatives: limit=" + ALTERNATIVES_LIMIT);
    }
    return alternatives;
  }
}
