package redoubt.engine.sigma.match;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.rule.LogSource;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.SigmaRule;

/// Rules, compiled to be matched against events. Immutable, thread-safe.
public final class RuleSet {
  private final Map<LogSource, RuleGroup> groups;
  private final int size;

  private RuleSet(Map<LogSource, RuleGroup> groups, int size) {
    this.groups = groups;
    this.size = size;
  }

  /// What came of compiling.
  ///
  /// @param accepted the rules that can be used
  public record Result(RuleSet rules, List<SigmaRule> accepted, List<RuleProblem> problems) {
    public Result {
      accepted = List.copyOf(accepted);
      problems = List.copyOf(problems);
    }
  }

  /// Compiles rules. One with an expression that cannot be compiled is left out and told of.
  ///
  /// @param fields gets the fields that the rules ask for
  public static Result compile(List<SigmaRule> rules, FieldTable fields) {
    Map<LogSource, RuleGroup.Builder> builders = new LinkedHashMap<>();
    List<SigmaRule> accepted = new ArrayList<>();
    List<RuleProblem> problems = new ArrayList<>();
    for (SigmaRule rule : rules) {
      try {
        builders.computeIfAbsent(rule.logSource(), _ -> new RuleGroup.Builder(fields)).add(rule);
        accepted.add(rule);
      } catch (PatternSyntaxException e) {
        problems.add(
            new RuleProblem(
                rule.origin(),
                RuleProblem.Kind.VALUE,
                "not a regular expression that can be matched in linear time: expression="
                    + e.getPattern()
                    + " problem="
                    + e.getDescription()));
      }
    }
    Map<LogSource, RuleGroup> groups = new LinkedHashMap<>();
    builders.forEach((source, builder) -> groups.put(source, builder.build()));
    return new Result(new RuleSet(groups, accepted.size()), accepted, problems);
  }

  /// How many rules there are.
  public int size() {
    return size;
  }

  /// Whether a rule looks for something in all fields, also in those that no rule names.
  public boolean looksEverywhere() {
    return groups.values().stream().anyMatch(RuleGroup::looksEverywhere);
  }

  /// The groups whose rules are for events of the class.
  RuleGroup[] groupsFor(EventClass eventClass) {
    return groups.entrySet().stream()
        .filter(entry -> eventClass.belongsTo(entry.getKey()))
        .map(Map.Entry::getValue)
        .toArray(RuleGroup[]::new);
  }

  int mostPatterns() {
    return groups.values().stream().mapToInt(group -> group.patterns.length).max().orElse(0);
  }

  int mostRules() {
    return groups.values().stream().mapToInt(group -> group.rules.length).max().orElse(0);
  }
}
