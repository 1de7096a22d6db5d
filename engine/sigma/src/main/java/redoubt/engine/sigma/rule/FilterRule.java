package redoubt.engine.sigma.rule;

import java.util.List;

/// What an owner adds to the condition of other people's rules: they match only where the filter's
/// condition holds too.
///
/// @param rules ids or names of the rules that it is for; empty for all of the log source
/// @param logSource what the rules are for, or more
public record FilterRule(
    String title, LogSource logSource, List<String> rules, Selection selection, Origin origin) {
  public FilterRule {
    rules = List.copyOf(rules);
  }

  /// Whether the filter is for a rule.
  public boolean isFor(SigmaRule rule) {
    boolean named = rules.isEmpty() || rules.contains(rule.id()) || rules.contains(rule.name());
    return named && logSource.contains(rule.logSource());
  }

  /// The rule with the filter's condition added to its own.
  SigmaRule narrow(SigmaRule rule) {
    return rule.withSelection(new Selection.AllOf(List.of(rule.selection(), selection)));
  }

  /// The rules with the conditions of all filters that are for them.
  public static List<SigmaRule> narrow(List<SigmaRule> rules, List<FilterRule> filters) {
    return rules.stream()
        .map(rule -> {
          SigmaRule narrowed = rule;
          for (FilterRule filter : filters) {
            narrowed = filter.isFor(rule) ? filter.narrow(narrowed) : narrowed;
          }
          return narrowed;
        })
        .toList();
  }
}
