package redoubt.engine.sigma.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redoubt.engine.sigma.rule.CorrelationRule;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.RuleProblem.Kind;
import redoubt.engine.sigma.rule.Selection;
import redoubt.engine.sigma.rule.SigmaRule;
import redoubt.engine.sigma.rule.ValueTest;

/// Takes rules through steps.
final class Steps {
  private static final int TESTS_LIMIT = 200_000;
  private static final int NAME_LIMIT = 1_000;

  private Steps() {}

  /// The rule as the steps leave it.
  ///
  /// @throws RuleException if one of them refuses it
  static SigmaRule apply(List<Step> steps, SigmaRule rule, Progress progress) throws RuleException {
    SigmaRule changed = rule;
    for (Step step : steps) {
      SigmaRule current = changed;
      if (step.rules().hold(condition -> condition.holds(current, progress))) {
        progress.stepApplied(step.id());
        try {
          changed = apply(step, current, progress);
        } catch (RuleException e) {
          throw placed(e, step);
        }
      }
    }
    return changed;
  }

  /// The correlation as the steps leave it: with other names of fields.
  ///
  /// @throws RuleException if one of them refuses it
  static CorrelationRule apply(List<Step> steps, CorrelationRule rule, Progress progress)
      throws RuleException {
    CorrelationRule changed = rule;
    for (Step step : steps) {
      CorrelationRule current = changed;
      if (step.rules().hold(condition -> condition.holds(current, progress))) {
        progress.stepApplied(step.id());
        try {
          changed =
              switch (step.change()) {
                case RuleChange change -> change.change(current, progress);
                case FieldChange change -> renamed(current, step, change, progress);
                case ItemChange _, ValueChange _ -> current;
              };
        } catch (RuleException e) {
          throw placed(e, step);
        }
      }
    }
    return changed;
  }

  /// Says which step it was; of nested ones the innermost.
  private static RuleException placed(RuleException e, Step step) {
    return step.change() instanceof RuleChange.Nest
        ? e
        : new RuleException(e.kind(), 0, e.reason() + ": pipeline=" + step.origin());
  }

  private static SigmaRule apply(Step step, SigmaRule rule, Progress progress)
      throws RuleException {
    return switch (step.change()) {
      case RuleChange change -> change.change(rule, step.id(), progress);
      case FieldChange change ->
          changed(step, rule, progress, item -> Optional.of(renamed(item, step, change, progress)));
      case ItemChange change ->
          changed(step, rule, progress, item -> change.change(item, progress));
      case ValueChange change ->
          changed(
              step,
              rule,
              progress,
              item -> Optional.of(Items.withTests(item, test -> made(change, test, progress))));
    };
  }

  private static SigmaRule changed(
      Step step, SigmaRule rule, Progress progress, Walk.Visitor visitor) throws RuleException {
    return changed(
        rule,
        item -> {
          boolean meant =
              step.items().hold(condition -> condition.holds(item, progress))
                  && step.names().hold(condition -> condition.holdsForItem(item, progress));
          Optional<Selection> other = meant ? visitor.change(item) : Optional.of(item);
          if (other.isPresent() && !Items.isSame(other.get(), item)) {
            progress.itemChanged(item, other.get(), step.id());
          }
          return other;
        });
  }

  private static SigmaRule changed(SigmaRule rule, Walk.Visitor visitor) throws RuleException {
    Selection other =
        new Walk(visitor)
            .change(rule.selection())
            .orElseThrow(() ->
                new RuleException(
                    Kind.PIPELINE, 0, "pipelines drop everything that the rule asks for"));
    if (Items.isSame(other, rule.selection())) {
      return rule;
    }
    if (Items.count(other) > TESTS_LIMIT) {
      throw new RuleException(
          Kind.PIPELINE, 0, "pipelines give the rule too many tests: limit=" + TESTS_LIMIT);
    }
    return rule.withSelection(other);
  }

  /// The rule with the values of all placeholders that steps left.
  ///
  /// @throws RuleException if one has none
  static SigmaRule filled(SigmaRule rule, Progress progress) throws RuleException {
    ValueChange.Fill all = new ValueChange.Fill(ValueChange.Choice.ALL);
    return changed(
        rule, item -> Optional.of(Items.withTests(item, test -> made(all, test, progress))));
  }

  private static Optional<List<ValueTest>> made(
      ValueChange change, ValueTest test, Progress progress) throws RuleException {
    Optional<List<ValueTest>> tests = change.change(test, progress);
    if (tests.isPresent()) {
      progress.countMade(tests.get().size(), 0);
    }
    return tests;
  }

  // ---- names of fields

  private static Selection renamed(Selection item, Step step, FieldChange change, Progress progress)
      throws RuleException {
    Selection referring =
        Items.withTests(item, test -> withReference(test, step, change, progress));
    String field = Items.field(item);
    if (field.isEmpty()
        || !step.names().hold(condition -> condition.holdsForFieldOf(item, progress))) {
      return referring;
    }
    Optional<List<String>> names = change.rename(field);
    if (names.isEmpty()) {
      return referring;
    }
    requireNames(names.get());
    progress.fieldMapped(field, names.get());
    progress.countMade((long) Items.count(item) * names.get().size(), 0);
    return Selection.any(names.get().stream().map(name -> Items.renamed(referring, name)).toList());
  }

  private static Optional<List<ValueTest>> withReference(
      ValueTest test, Step step, FieldChange change, Progress progress) throws RuleException {
    if (!(test instanceof ValueTest.OtherField other) || !isMeant(other.field(), step, progress)) {
      return Optional.empty();
    }
    List<String> names = renamed(other.field(), step, change, progress);
    progress.countMade(names.size(), 0);
    List<ValueTest> tests = new ArrayList<>();
    for (String name : names) {
      tests.add(new ValueTest.OtherField(name, other.place(), other.cased()));
    }
    return tests.equals(List.of(test)) ? Optional.empty() : Optional.of(tests);
  }

  private static boolean isMeant(String field, Step step, Progress progress) {
    return step.names().hold(condition -> condition.holds(field, progress));
  }

  /// The names of a field that stands in a value or a correlation; its own if it stays.
  private static List<String> renamed(
      String field, Step step, FieldChange change, Progress progress) throws RuleException {
    Optional<List<String>> names = change.rename(field);
    if (names.isEmpty() || !isMeant(field, step, progress)) {
      return List.of(field);
    }
    requireNames(names.get());
    progress.nameChanged(field, names.get(), step.id());
    return names.get();
  }

  private static void requireNames(List<String> names) throws RuleException {
    for (String name : names) {
      if (name.length() > NAME_LIMIT) {
        throw new RuleException(
            Kind.PIPELINE, 0, "a field's name becomes too long: limit=" + NAME_LIMIT);
      }
    }
  }

  private static CorrelationRule renamed(
      CorrelationRule rule, Step step, FieldChange change, Progress progress) throws RuleException {
    Map<String, Map<String, String>> aliases = new HashMap<>();
    for (Map.Entry<String, Map<String, String>> alias : rule.aliases().entrySet()) {
      Map<String, String> byRule = new HashMap<>();
      for (Map.Entry<String, String> meant : alias.getValue().entrySet()) {
        byRule.put(meant.getKey(), single(meant.getValue(), step, change, progress));
      }
      aliases.put(alias.getKey(), Map.copyOf(byRule));
    }
    List<String> groupBy = new ArrayList<>();
    for (String field : rule.groupBy()) {
      groupBy.add(aliases.containsKey(field) ? field : single(field, step, change, progress));
    }
    List<String> fields = new ArrayList<>();
    for (String field : rule.fields()) {
      fields.add(aliases.containsKey(field) ? field : single(field, step, change, progress));
    }
    return rule.withFields(groupBy, aliases, fields);
  }

  /// One field of an event cannot be counted under several names.
  private static String single(String field, Step step, FieldChange change, Progress progress)
      throws RuleException {
    List<String> names = renamed(field, step, change, progress);
    if (names.size() > 1) {
      throw new RuleException(
          Kind.PIPELINE, 0, "a field of a correlation gets several names: field=" + field);
    }
    return names.getFirst();
  }
}
