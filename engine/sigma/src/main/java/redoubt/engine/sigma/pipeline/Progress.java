package redoubt.engine.sigma.pipeline;

import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import redoubt.engine.sigma.rule.LogSource;
import redoubt.engine.sigma.rule.Placeholders;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.RuleProblem.Kind;
import redoubt.engine.sigma.rule.Scalar;
import redoubt.engine.sigma.rule.Selection;

/// What is known of one rule while steps change it. Not thread-safe.
final class Progress {
  private static final int MADE_LIMIT = 2_000_000;
  private static final long CHARACTERS_LIMIT = 16 << 20;

  private final Placeholders placeholders;
  private final List<LogSource> sources;
  private final Set<String> steps = new HashSet<>();
  private final Map<String, Scalar> states = new HashMap<>();
  private final Map<String, Set<String>> names = new HashMap<>();
  private final Set<String> mapped = new HashSet<>();

  // By identity: the same item may stand at several places of a rule, and equal ones are others.
  private final IdentityHashMap<Selection, Set<String>> items = new IdentityHashMap<>();

  private long made;
  private long characters;

  /// @param sources of a correlation: the log sources of the rules that it is about
  Progress(Placeholders placeholders, List<LogSource> sources) {
    this.placeholders = placeholders;
    this.sources = List.copyOf(sources);
  }

  Placeholders placeholders() {
    return placeholders;
  }

  List<LogSource> sources() {
    return sources;
  }

  void stepApplied(String id) {
    steps.add(id);
  }

  boolean wasChangedBy(String id) {
    return steps.contains(id);
  }

  void setState(String key, Scalar value) {
    states.put(key, value);
  }

  Optional<Scalar> findState(String key) {
    return Optional.ofNullable(states.get(key));
  }

  /// Takes note that an item, or what came of it, was changed by a step.
  ///
  /// @param before what it was
  void itemChanged(Selection before, Selection after, String id) {
    Set<String> known = new HashSet<>(items.getOrDefault(before, Set.of()));
    known.add(id);
    Items.forEach(after, item -> items.put(item, known));
  }

  boolean wasItemChangedBy(Selection item, String id) {
    return items.getOrDefault(item, Set.of()).contains(id);
  }

  /// Takes note that a field's name stands no longer by itself, in a reference or a correlation.
  void nameChanged(String before, List<String> after, String id) {
    if (!after.equals(List.of(before))) {
      Set<String> known = new HashSet<>(names.getOrDefault(before, Set.of()));
      known.add(id);
      names.remove(before);
      after.forEach(name -> names.put(name, known));
    }
  }

  boolean wasNameChangedBy(String name, String id) {
    return names.getOrDefault(name, Set.of()).contains(id);
  }

  /// Takes note that an item's field has other names now.
  void fieldMapped(String before, List<String> after) {
    mapped.add(before);
    mapped.addAll(after);
  }

  /// Whether the field is one that a step mapped, or was mapped to.
  boolean isMapped(String field) {
    return mapped.contains(field);
  }

  /// Counts what steps make of a rule.
  ///
  /// @throws RuleException if it is too much
  void countMade(long tests, long more) throws RuleException {
    made += tests;
    characters += more;
    if (made > MADE_LIMIT || characters > CHARACTERS_LIMIT) {
      throw new RuleException(
          Kind.PIPELINE,
          0,
          "pipelines make too much of the rule: tests="
              + MADE_LIMIT
              + " characters="
              + CHARACTERS_LIMIT);
    }
  }
}
