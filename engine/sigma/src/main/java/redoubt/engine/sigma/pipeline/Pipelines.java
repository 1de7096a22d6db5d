package redoubt.engine.sigma.pipeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redoubt.engine.sigma.rule.CorrelationRule;
import redoubt.engine.sigma.rule.LogSource;
import redoubt.engine.sigma.rule.Placeholders;
import redoubt.engine.sigma.rule.Rule;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.SigmaRule;

/// Pipelines, in the order in which they change rules. Immutable, thread-safe.
public final class Pipelines {
  /// No pipelines: rules stay as they are.
  public static final Pipelines NONE = new Pipelines(List.of());

  private final boolean none;
  private final List<Step> steps;
  private final Map<String, List<String>> values;

  /// What came of rules.
  ///
  /// @param problems why others are refused
  public record Result(
      List<SigmaRule> rules, List<CorrelationRule> correlations, List<RuleProblem> problems) {
    public Result {
      rules = List.copyOf(rules);
      correlations = List.copyOf(correlations);
      problems = List.copyOf(problems);
    }
  }

  /// @param pipelines those of the same priority in the order in which they count
  Pipelines(List<Pipeline> pipelines) {
    none = pipelines.isEmpty();
    List<Step> all = new ArrayList<>();
    Map<String, List<String>> lists = new HashMap<>();
    pipelines.stream()
        .sorted(Comparator.comparingInt(Pipeline::priority))
        .forEach(pipeline -> {
          all.addAll(pipeline.steps());
          lists.putAll(pipeline.values());
        });
    steps = List.copyOf(all);
    values = Map.copyOf(lists);
  }

  /// What rules are read with: the owner's values, and that those of the pipelines will follow.
  public Placeholders placeholders(Placeholders owners) {
    return none ? owners : new Placeholders(owners.values(), values, true);
  }

  /// The rules as the pipelines leave them. A rule that one of them refuses, or makes nothing of,
  /// is left out and told of.
  ///
  /// @param placeholders those that the rules were read with
  public Result apply(
      List<SigmaRule> rules, List<CorrelationRule> correlations, Placeholders placeholders) {
    if (none) {
      return new Result(rules, correlations, List.of());
    }
    List<SigmaRule> changed = new ArrayList<>();
    List<CorrelationRule> changedCorrelations = new ArrayList<>();
    List<RuleProblem> problems = new ArrayList<>();
    Sources sources = new Sources(correlations);
    for (SigmaRule rule : rules) {
      sources.add(rule, rule.logSource());
      try {
        Progress progress = new Progress(placeholders, List.of());
        SigmaRule done = Steps.filled(Steps.apply(steps, rule, progress), progress);
        changed.add(done);
        sources.add(rule, done.logSource());
      } catch (RuleException e) {
        problems.add(new RuleProblem(rule.origin(), e.kind(), e.reason()));
      }
    }
    for (CorrelationRule rule : correlations) {
      try {
        Progress progress = new Progress(placeholders, sources.of(rule));
        changedCorrelations.add(Steps.apply(steps, rule, progress));
      } catch (RuleException e) {
        problems.add(new RuleProblem(rule.origin(), e.kind(), e.reason()));
      }
    }
    return new Result(changed, changedCorrelations, problems);
  }

  /// The log sources of the rules that a correlation is about: those that they are written for, and
  /// those that pipelines made of them.
  private static final class Sources {
    private final Map<String, Set<LogSource>> known = new HashMap<>();
    private final Map<String, CorrelationRule> correlations = new HashMap<>();

    Sources(List<CorrelationRule> correlations) {
      for (CorrelationRule rule : correlations) {
        this.correlations.put(rule.id(), rule);
        this.correlations.put(rule.name(), rule);
      }
    }

    void add(Rule rule, LogSource source) {
      known.computeIfAbsent(rule.id(), _ -> new LinkedHashSet<>()).add(source);
      known.computeIfAbsent(rule.name(), _ -> new LinkedHashSet<>()).add(source);
    }

    List<LogSource> of(CorrelationRule rule) {
      Set<LogSource> found = new LinkedHashSet<>();
      Set<String> seen = new HashSet<>();
      List<String> pending = new ArrayList<>(rule.rules());
      while (!pending.isEmpty()) {
        String key = pending.removeLast();
        if (seen.add(key)) {
          found.addAll(known.getOrDefault(key, Set.of()));
          CorrelationRule inner = correlations.get(key);
          if (inner != null) {
            pending.addAll(inner.rules());
          }
        }
      }
      return List.copyOf(found);
    }
  }
}
