package redoubt.engine.sigma.match;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import redoubt.core.search.IntList;
import redoubt.core.search.LiteralIndex;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.rule.Selection;
import redoubt.engine.sigma.rule.SigmaRule;
import redoubt.engine.sigma.rule.ValueTest;

/// All rules for one log source, compiled together.
///
/// Each rule has, where that can be known, *witnesses*: patterns of which at least one is found in
/// every event that the rule matches. An event's values are searched for all texts at once; only
/// rules of which a witness was found are evaluated, and those that have none.
///
/// Immutable, thread-safe.
final class RuleGroup {
  private static final int[] NO_RULES = {};

  final SigmaRule[] rules;
  final Condition[] conditions;
  final Pattern[] patterns;

  /// The fields that have an index, and their indexes.
  final int[] slots;

  final LiteralIndex[] indexes;

  /// For what is sought in all fields.
  final @Nullable LiteralIndex everyField;

  /// By pattern, the rules that it is a witness of.
  final int[][] witnessed;

  /// The rules without witnesses.
  final int[] always;

  private RuleGroup(Builder builder) {
    rules = builder.rules.toArray(SigmaRule[]::new);
    conditions = builder.conditions.toArray(Condition[]::new);
    patterns = builder.patterns.toArray(Pattern[]::new);
    Map<Integer, LiteralIndex.Builder> bySlot = new TreeMap<>();
    for (int i = 0; i < patterns.length; i++) {
      for (Pattern.SoughtText text : patterns[i].texts()) {
        bySlot
            .computeIfAbsent(patterns[i].slot(), _ -> new LiteralIndex.Builder())
            .add(text.folded(), text.place(), i);
      }
    }
    LiteralIndex.Builder every = bySlot.remove(Pattern.EVERY_FIELD);
    everyField = every == null ? null : every.build();
    slots = bySlot.keySet().stream().mapToInt(Integer::intValue).toArray();
    indexes =
        bySlot.values().stream().map(LiteralIndex.Builder::build).toArray(LiteralIndex[]::new);
    IntList[] byPattern = new IntList[patterns.length];
    IntList without = new IntList();
    for (int rule = 0; rule < rules.length; rule++) {
      int[] witnesses = Witnesses.of(conditions[rule], patterns);
      if (witnesses == null) {
        without.add(rule);
        continue;
      }
      for (int pattern : witnesses) {
        if (byPattern[pattern] == null) {
          byPattern[pattern] = new IntList();
        }
        byPattern[pattern].add(rule);
      }
    }
    always = without.toArray();
    witnessed = new int[patterns.length][];
    for (int i = 0; i < patterns.length; i++) {
      witnessed[i] = byPattern[i] == null ? NO_RULES : byPattern[i].toArray();
    }
  }

  /// Whether a rule looks for something in all fields.
  boolean looksEverywhere() {
    for (Pattern pattern : patterns) {
      if (pattern.slot() == Pattern.EVERY_FIELD) {
        return true;
      }
    }
    return false;
  }

  /// Collects the rules of a group.
  static final class Builder {
    private final FieldTable fields;
    private final PatternCompiler compiler;
    private final List<SigmaRule> rules = new ArrayList<>();
    private final List<Condition> conditions = new ArrayList<>();
    private final List<Pattern> patterns = new ArrayList<>();
    private final Map<Key, Integer> known = new HashMap<>();

    private record Key(int slot, ValueTest test) {}

    Builder(FieldTable fields) {
      this.fields = fields;
      this.compiler = new PatternCompiler(fields);
    }

    /// @throws java.util.regex.PatternSyntaxException if one of its regular expressions is none;
    ///   the group is without the rule then
    void add(SigmaRule rule) {
      Condition condition = condition(rule.selection());
      rules.add(rule);
      conditions.add(condition);
    }

    private Condition condition(Selection selection) {
      return switch (selection) {
        case Selection.AllOf(List<Selection> parts) ->
            new Condition.All(parts.stream().map(this::condition).toArray(Condition[]::new));
        case Selection.AnyOf(List<Selection> parts) ->
            new Condition.Any(parts.stream().map(this::condition).toArray(Condition[]::new));
        case Selection.Not(Selection part) -> new Condition.Not(condition(part));
        case Selection.Item(Selection tests) -> condition(tests);
        case Selection.Field(String field, ValueTest test) -> leaf(fields.slot(field), test);
        case Selection.AnyField(ValueTest test) -> leaf(Pattern.EVERY_FIELD, test);
      };
    }

    private Condition leaf(int slot, ValueTest test) {
      Key key = new Key(slot, test);
      Integer number = known.get(key);
      if (number == null) {
        patterns.add(compiler.compile(slot, test));
        number = patterns.size() - 1;
        known.put(key, number);
      }
      return new Condition.Leaf(number);
    }

    RuleGroup build() {
      return new RuleGroup(this);
    }
  }
}
