package redoubt.engine.sigma.correlation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.rule.CorrelationRule;
import redoubt.engine.sigma.rule.Rule;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.SigmaRule;

/// Correlation rules, tied to the rules that they are about. Immutable, thread-safe.
public final class Correlations {
  private static final double THRESHOLD_LIMIT = 1_000_000;

  private final List<Correlation> all;
  private final IdentityHashMap<Rule, List<Use>> uses;
  private final Set<Rule> silent;

  /// A correlation that a rule's matches count for.
  ///
  /// @param correlation its number
  /// @param member which of its rules it is
  record Use(int correlation, int member) {}

  /// A correlation rule, ready to run.
  ///
  /// @param groupSlots by member, the fields of the group
  /// @param valueSlots by member, the fields that are counted or computed with
  /// @param most as many matches as the conditions can tell from more
  record Correlation(
      CorrelationRule rule,
      List<List<Integer>> groupSlots,
      List<List<Integer>> valueSlots,
      int most) {
    Window openWindow() {
      int members = rule.rules().size();
      return switch (rule.type()) {
        case EVENT_COUNT -> new Window.Count(most);
        case VALUE_COUNT -> new Window.ValueCount(most);
        case TEMPORAL -> new Window.Together(rule.alternatives(), members);
        case TEMPORAL_ORDERED -> new Window.InOrder(rule.alternatives(), members);
        case VALUE_SUM -> statistic(Window.Statistic.Kind.SUM);
        case VALUE_AVG -> statistic(Window.Statistic.Kind.MEAN);
        case VALUE_MEDIAN -> statistic(Window.Statistic.Kind.MEDIAN);
        case VALUE_PERCENTILE -> statistic(Window.Statistic.Kind.PERCENTILE);
      };
    }

    private Window statistic(Window.Statistic.Kind kind) {
      return new Window.Statistic(kind, rule.percentile());
    }

    boolean holds(double value) {
      return rule.conditions().isEmpty()
          ? value > 0
          : rule.conditions().stream().allMatch(condition -> condition.holds(value));
    }
  }

  /// What came of tying.
  public record Result(Correlations correlations, List<RuleProblem> problems) {
    public Result {
      problems = List.copyOf(problems);
    }
  }

  private Correlations(
      List<Correlation> all, IdentityHashMap<Rule, List<Use>> uses, Set<Rule> silent) {
    this.all = all;
    this.uses = uses;
    this.silent = silent;
  }

  /// Ties correlation rules to the rules that they name. One that names a rule that is not there,
  /// or itself, is left out and told of.
  ///
  /// @param fields gets the fields that they ask for
  public static Result compile(
      List<CorrelationRule> correlations, List<SigmaRule> rules, FieldTable fields) {
    return new Compiler(correlations, rules, fields).compile();
  }

  /// How many there are.
  public int size() {
    return all.size();
  }

  /// Those that are in use.
  public Stream<CorrelationRule> rules() {
    return all.stream().map(Correlation::rule);
  }

  Correlation get(int number) {
    return all.get(number);
  }

  /// What the matches of a rule count for.
  List<Use> uses(Rule rule) {
    return uses.getOrDefault(rule, List.of());
  }

  /// Whether matches of a rule are not reported by themselves, since a correlation is about them.
  public boolean silences(Rule rule) {
    return silent.contains(rule);
  }

  private static final class Compiler {
    private final FieldTable fields;
    private final Map<String, Rule> known = new HashMap<>();
    private final List<CorrelationRule> wanted;
    private final List<Correlation> all = new ArrayList<>();
    // By identity: the content of a rule is large.
    private final IdentityHashMap<CorrelationRule, Integer> numbers = new IdentityHashMap<>();
    private final Set<CorrelationRule> refused = identitySet();
    private final IdentityHashMap<Rule, List<Use>> uses = new IdentityHashMap<>();
    private final Set<Rule> silent = identitySet();
    private final Set<Rule> reported = identitySet();
    private final List<RuleProblem> problems = new ArrayList<>();

    Compiler(List<CorrelationRule> wanted, List<SigmaRule> rules, FieldTable fields) {
      this.wanted = wanted;
      this.fields = fields;
      rules.forEach(this::name);
      wanted.forEach(this::name);
    }

    private static <T> Set<T> identitySet() {
      return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private void name(Rule rule) {
      if (!rule.id().isEmpty()) {
        known.putIfAbsent(rule.id(), rule);
      }
      if (!rule.name().isEmpty()) {
        known.putIfAbsent(rule.name(), rule);
      }
    }

    Result compile() {
      wanted.forEach(rule -> add(rule, identitySet()));
      silent.removeAll(reported);
      return new Result(new Correlations(List.copyOf(all), uses, silent), problems);
    }

    /// Adds a correlation behind those that it is about.
    ///
    /// @return whether it can be used
    private boolean add(CorrelationRule rule, Set<CorrelationRule> pending) {
      if (numbers.containsKey(rule) || refused.contains(rule)) {
        return numbers.containsKey(rule);
      }
      Optional<String> fault =
          pending.add(rule) ? fault(rule, pending) : Optional.of("it is about itself");
      if (fault.isPresent()) {
        if (refused.add(rule)) {
          problems.add(new RuleProblem(rule.origin(), RuleProblem.Kind.STRUCTURE, fault.get()));
        }
        return false;
      }
      numbers.put(rule, all.size());
      List<List<Integer>> groups = new ArrayList<>();
      List<List<Integer>> values = new ArrayList<>();
      for (int member = 0; member < rule.rules().size(); member++) {
        Rule about = requireKnown(rule.rules().get(member));
        groups.add(slots(rule, about, rule.groupBy()));
        values.add(slots(rule, about, rule.fields()));
        uses.computeIfAbsent(about, _ -> new ArrayList<>()).add(new Use(all.size(), member));
        (rule.generate() ? reported : silent).add(about);
      }
      all.add(new Correlation(rule, groups, values, most(rule)));
      return true;
    }

    private Rule requireKnown(String key) {
      Rule rule = known.get(key);
      if (rule == null) {
        throw new IllegalStateException("no such rule: rule=" + key);
      }
      return rule;
    }

    private Optional<String> fault(CorrelationRule rule, Set<CorrelationRule> pending) {
      for (String key : rule.rules()) {
        @Nullable Rule about = known.get(key);
        if (about == null) {
          return Optional.of("there is no such rule: rule=" + key);
        }
        if (about instanceof CorrelationRule inner) {
          if (!add(inner, pending)) {
            return Optional.of("a rule that it is about is refused: rule=" + key);
          }
          for (String field : concat(rule.groupBy(), rule.fields())) {
            String meant = meant(rule, inner, field);
            if (!inner.groupBy().contains(meant)) {
              return Optional.of(
                  "a correlation that it is about does not group by a field: field=" + meant);
            }
          }
        }
      }
      boolean tooLarge =
          rule.conditions().stream()
              .anyMatch(condition -> isCount(rule) && condition.number() > THRESHOLD_LIMIT);
      return tooLarge
          ? Optional.of("a threshold is too large: limit=" + (long) THRESHOLD_LIMIT)
          : Optional.empty();
    }

    private static List<String> concat(List<String> first, List<String> second) {
      List<String> both = new ArrayList<>(first);
      both.addAll(second);
      return both;
    }

    private static boolean isCount(CorrelationRule rule) {
      return rule.type() == CorrelationRule.Type.EVENT_COUNT
          || rule.type() == CorrelationRule.Type.VALUE_COUNT;
    }

    private static int most(CorrelationRule rule) {
      double largest =
          rule.conditions().stream().mapToDouble(CorrelationRule.Threshold::number).max().orElse(0);
      return isCount(rule) ? (int) Math.max(1, Math.ceil(largest)) + 1 : 1;
    }

    private List<Integer> slots(CorrelationRule rule, Rule about, List<String> names) {
      return names.stream().map(name -> fields.slot(meant(rule, about, name))).toList();
    }

    private static String meant(CorrelationRule rule, Rule about, String field) {
      Map<String, String> alias = rule.aliases().getOrDefault(field, Map.of());
      return alias.getOrDefault(about.id(), alias.getOrDefault(about.name(), field));
    }
  }
}
