package redoubt.engine.sigma.vectors;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.HostEvent;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.rule.CorrelationRule;
import redoubt.engine.sigma.rule.Rule;
import redoubt.engine.sigma.rule.SigmaRule;
import redoubt.engine.sigma.vectors.CorrelationReference.Match;

/// What is known of the rules that correlations are about. Not thread-safe.
final class Correlating {
  private final Prober prober;
  private final Map<String, Rule> byName = new HashMap<>();
  private final IdentityHashMap<SigmaRule, Solved> solved = new IdentityHashMap<>();
  private final Set<Rule> silent = Collections.newSetFromMap(new IdentityHashMap<>());

  /// A rule with events that show it at work.
  record Solved(Tree tree, List<Reference> references, List<RuleSolver.Example> examples) {
    Solved {
      examples = List.copyOf(examples);
    }

    /// An event in which it is reported; null if none was found.
    RuleSolver.@Nullable Example reported() {
      return examples.stream().filter(RuleSolver.Example::reported).findFirst().orElse(null);
    }
  }

  Correlating(RuleFiles.Result rules, Prober prober) {
    this.prober = prober;
    rules.rules().forEach(this::name);
    rules.correlations().forEach(this::name);
    Set<Rule> reported = Collections.newSetFromMap(new IdentityHashMap<>());
    for (CorrelationRule rule : rules.correlations()) {
      for (String key : rule.rules()) {
        Rule about = byName.get(key);
        if (about != null) {
          (rule.generate() ? reported : silent).add(about);
        }
      }
    }
    silent.removeAll(reported);
  }

  private void name(Rule rule) {
    for (String name : List.of(rule.id(), rule.name())) {
      if (!name.isEmpty()) {
        byName.putIfAbsent(name, rule);
      }
    }
  }

  void solved(SigmaRule rule, Tree tree, List<RuleSolver.Example> examples) {
    solved.put(
        rule, new Solved(tree, tree.leaves().stream().map(Reference::of).toList(), examples));
  }

  /// Whether the rule's own matches are not reported.
  boolean isSilent(Rule rule) {
    return silent.contains(rule);
  }

  /// The rules that a correlation is about; null if one of them is a correlation or has no event in
  /// which it is reported.
  @Nullable List<SigmaRule> members(CorrelationRule correlation) {
    List<SigmaRule> members = new ArrayList<>();
    for (String key : correlation.rules()) {
      if (!(byName.get(key) instanceof SigmaRule rule)
          || !solved.containsKey(rule)
          || requireSolved(rule).reported() == null) {
        return null;
      }
      members.add(rule);
    }
    return members;
  }

  Solved requireSolved(SigmaRule rule) {
    Solved known = solved.get(rule);
    if (known == null) {
      throw new IllegalStateException("not solved: rule=" + rule.key());
    }
    return known;
  }

  /// Whether a correlation is reported of the events, as the reference says.
  boolean isReported(
      CorrelationRule correlation, List<SigmaRule> members, List<HostEvent> activity) {
    List<Match> matches = new ArrayList<>();
    for (int i = 0; i < activity.size(); i++) {
      for (int member = 0; member < members.size(); member++) {
        Match match = match(correlation, members.get(member), member, activity.get(i), i);
        if (match != null) {
          matches.add(match);
        }
      }
    }
    return CorrelationReference.isReported(correlation, matches);
  }

  private @Nullable Match match(
      CorrelationRule correlation, SigmaRule rule, int member, HostEvent event, int number) {
    Solved known = requireSolved(rule);
    BitSet passing = prober.passing(event, known.references());
    if (passing == null || !known.tree().holds(passing)) {
      return null;
    }
    List<String> group = values(event, correlation, rule, correlation.groupBy());
    List<String> values = values(event, correlation, rule, correlation.fields());
    return group == null || values == null
        ? null
        : new Match(member, number, event.timeNanos() / 1_000_000, group, values);
  }

  /// The first values of some fields; null if one is not there.
  private @Nullable List<String> values(
      HostEvent event, CorrelationRule correlation, SigmaRule rule, List<String> fields) {
    List<String> values = new ArrayList<>();
    for (String field : fields) {
      String value = prober.find(event, meant(correlation, rule, field));
      if (value == null) {
        return null;
      }
      values.add(value);
    }
    return values;
  }

  /// The rule's own name of a field that the correlation asks for.
  static String meant(CorrelationRule correlation, SigmaRule rule, String field) {
    Map<String, String> alias = correlation.aliases().getOrDefault(field, Map.of());
    return alias.getOrDefault(rule.id(), alias.getOrDefault(rule.name(), field));
  }
}
