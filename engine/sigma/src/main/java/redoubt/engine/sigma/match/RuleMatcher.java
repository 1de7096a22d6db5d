package redoubt.engine.sigma.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import redoubt.core.search.IntList;
import redoubt.core.search.LiteralIndex;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.rule.SigmaRule;

/// Finds the rules that an event matches. Not thread-safe: one for each thread that matches.
public final class RuleMatcher {
  private static final int CLASSES_LIMIT = 4_096;

  private final RuleSet rules;
  private final Map<EventClass, RuleGroup[]> groups = new HashMap<>();

  // By pattern: in which run it was found, and in which its check passed or failed.
  private final int[] found;
  private final int[] passed;
  private final int[] failed;
  private final int[] evaluated;
  private final IntList foundPatterns = new IntList();
  private final IntConsumer finder = this::found;
  private int run;

  public RuleMatcher(RuleSet rules) {
    this.rules = rules;
    found = new int[rules.mostPatterns()];
    passed = new int[rules.mostPatterns()];
    failed = new int[rules.mostPatterns()];
    evaluated = new int[rules.mostRules()];
  }

  /// Reports each rule that the event matches, and why.
  public void match(
      Event event, EventClass eventClass, BiConsumer<SigmaRule, List<FieldMatch>> matches) {
    RuleGroup[] relevant = groups.get(eventClass);
    if (relevant == null) {
      relevant = rules.groupsFor(eventClass);
      if (groups.size() < CLASSES_LIMIT) {
        groups.put(eventClass, relevant);
      }
    }
    for (RuleGroup group : relevant) {
      match(group, event, matches);
    }
  }

  private void match(
      RuleGroup group, Event event, BiConsumer<SigmaRule, List<FieldMatch>> matches) {
    beginRun();
    for (int i = 0; i < group.slots.length; i++) {
      int value = event.first(group.slots[i]);
      while (value != Event.NONE) {
        scan(group.indexes[i], event, value);
        value = event.next(value);
      }
    }
    if (group.everyField != null) {
      for (int value = 0; value < event.count(); value++) {
        scan(group.everyField, event, value);
      }
    }
    for (int i = 0; i < foundPatterns.size(); i++) {
      for (int rule : group.witnessed[foundPatterns.get(i)]) {
        evaluate(group, rule, event, matches);
      }
    }
    for (int rule : group.always) {
      evaluate(group, rule, event, matches);
    }
  }

  private void beginRun() {
    if (++run == Integer.MAX_VALUE) {
      Arrays.fill(found, 0);
      Arrays.fill(passed, 0);
      Arrays.fill(failed, 0);
      Arrays.fill(evaluated, 0);
      run = 1;
    }
    foundPatterns.clear();
  }

  private void scan(LiteralIndex index, Event event, int value) {
    if (event.kind(value) != Event.Kind.NULL) {
      int from = event.foldedStart(value);
      index.scan(event.folded(), from, event.foldedEnd(value), finder);
    }
  }

  private void found(int pattern) {
    if (found[pattern] != run) {
      found[pattern] = run;
      foundPatterns.add(pattern);
    }
  }

  private void evaluate(
      RuleGroup group, int rule, Event event, BiConsumer<SigmaRule, List<FieldMatch>> matches) {
    if (evaluated[rule] == run) {
      return;
    }
    evaluated[rule] = run;
    if (holds(group, group.conditions[rule], event)) {
      List<FieldMatch> fields = new ArrayList<>();
      explain(group, group.conditions[rule], event, fields);
      matches.accept(group.rules[rule], fields);
    }
  }

  private boolean holds(RuleGroup group, Condition condition, Event event) {
    return switch (condition) {
      case Condition.Leaf(int pattern) -> holds(group.patterns[pattern], pattern, event);
      case Condition.Not(Condition part) -> !holds(group, part, event);
      case Condition.All(Condition[] parts) -> !isOne(group, parts, event, false);
      case Condition.Any(Condition[] parts) -> isOne(group, parts, event, true);
    };
  }

  /// Whether one of the parts holds, or one does not.
  private boolean isOne(RuleGroup group, Condition[] parts, Event event, boolean holding) {
    for (Condition part : parts) {
      if (holds(group, part, event) == holding) {
        return true;
      }
    }
    return false;
  }

  private boolean holds(Pattern pattern, int number, Event event) {
    if (!pattern.texts().isEmpty()) {
      if (found[number] != run) {
        return false;
      }
      if (pattern.decidedByTexts()) {
        return true;
      }
    }
    if (passed[number] == run) {
      return true;
    }
    if (failed[number] == run) {
      return false;
    }
    boolean holds = passes(pattern, event);
    (holds ? passed : failed)[number] = run;
    return holds;
  }

  private static boolean passes(Pattern pattern, Event event) {
    if (pattern.slot() != Pattern.EVERY_FIELD) {
      return pattern.check().test(event, pattern.slot());
    }
    for (int value = 0; value < event.count(); value++) {
      if (event.kind(value) != Event.Kind.NULL && pattern.check().testValue(event, value)) {
        return true;
      }
    }
    return false;
  }

  /// Collects what was found where the condition wants something to be found.
  private void explain(RuleGroup group, Condition condition, Event event, List<FieldMatch> fields) {
    switch (condition) {
      case Condition.Leaf(int number) -> {
        Pattern pattern = group.patterns[number];
        if (holds(pattern, number, event)) {
          fields.add(FieldMatch.of(pattern, event));
        }
      }
      case Condition.Not _ -> {}
      case Condition.All(Condition[] parts) -> {
        for (Condition part : parts) {
          explain(group, part, event, fields);
        }
      }
      case Condition.Any(Condition[] parts) -> {
        for (Condition part : parts) {
          if (holds(group, part, event)) {
            explain(group, part, event, fields);
          }
        }
      }
    }
  }
}
