package redoubt.engine.sigma.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import redoubt.engine.sigma.rule.DetectionReader;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.Selection;
import redoubt.engine.sigma.rule.ValueTest;

/// Items of rules: what one key asks of its field, a [Selection.Item] or a single test.
final class Items {
  private Items() {}

  /// Makes others of tests.
  interface TestChange {
    /// The tests of which one stands for `test`; empty if it stays.
    Optional<List<ValueTest>> change(ValueTest test) throws RuleException;
  }

  /// Tells each item in the tree.
  static void forEach(Selection selection, Consumer<Selection> reader) {
    switch (selection) {
      case Selection.AllOf(List<Selection> parts) -> parts.forEach(part -> forEach(part, reader));
      case Selection.AnyOf(List<Selection> parts) -> parts.forEach(part -> forEach(part, reader));
      case Selection.Not(Selection part) -> forEach(part, reader);
      case Selection.Item _, Selection.Field _, Selection.AnyField _ -> reader.accept(selection);
    }
  }

  /// How many tests there are in the tree.
  static int count(Selection selection) {
    return switch (selection) {
      case Selection.AllOf(List<Selection> parts) -> parts.stream().mapToInt(Items::count).sum();
      case Selection.AnyOf(List<Selection> parts) -> parts.stream().mapToInt(Items::count).sum();
      case Selection.Not(Selection part) -> count(part);
      case Selection.Item(Selection tests) -> count(tests);
      case Selection.Field _, Selection.AnyField _ -> 1;
    };
  }

  /// The field of an item; empty if it looks at all fields.
  static String field(Selection item) {
    return switch (item) {
      case Selection.AllOf(List<Selection> parts) -> field(parts.getFirst());
      case Selection.AnyOf(List<Selection> parts) -> field(parts.getFirst());
      case Selection.Not(Selection part) -> field(part);
      case Selection.Item(Selection tests) -> field(tests);
      case Selection.Field(String field, ValueTest _) -> field;
      case Selection.AnyField _ -> "";
    };
  }

  /// The tests of an item, of one that looks at all fields without the `*` round a text.
  static List<ValueTest> tests(Selection item) {
    List<ValueTest> tests = new ArrayList<>();
    addTests(item, tests);
    return tests;
  }

  private static void addTests(Selection selection, List<ValueTest> tests) {
    switch (selection) {
      case Selection.AllOf(List<Selection> parts) -> parts.forEach(part -> addTests(part, tests));
      case Selection.AnyOf(List<Selection> parts) -> parts.forEach(part -> addTests(part, tests));
      case Selection.Not(Selection part) -> addTests(part, tests);
      case Selection.Item(Selection inner) -> addTests(inner, tests);
      case Selection.Field(String _, ValueTest test) -> tests.add(test);
      case Selection.AnyField(ValueTest test) -> tests.add(inside(test));
    }
  }

  /// A test of all fields as if it were one of a single field.
  private static ValueTest inside(ValueTest test) {
    return test instanceof ValueTest.Text text
        ? new ValueTest.Text(text.pattern().core(), text.cased())
        : test;
  }

  /// Whether they are one and the same, not only equal: then nothing was made of it.
  @SuppressWarnings("ReferenceEquality") // equal items at two places are two
  static boolean isSame(Object one, Object other) {
    return one == other;
  }

  /// Whether all values of the item must be found.
  static boolean wantsAll(Selection item) {
    return item instanceof Selection.Item(Selection.AllOf _);
  }

  /// The same item about another field.
  static Selection renamed(Selection item, String field) {
    return switch (item) {
      case Selection.AllOf(List<Selection> parts) ->
          new Selection.AllOf(parts.stream().map(part -> renamed(part, field)).toList());
      case Selection.AnyOf(List<Selection> parts) ->
          new Selection.AnyOf(parts.stream().map(part -> renamed(part, field)).toList());
      case Selection.Not(Selection part) -> new Selection.Not(renamed(part, field));
      case Selection.Item(Selection tests) -> new Selection.Item(renamed(tests, field));
      case Selection.Field(String _, ValueTest test) -> new Selection.Field(field, test);
      case Selection.AnyField _ -> item;
    };
  }

  /// The item with other tests; itself if all stay.
  static Selection withTests(Selection item, TestChange change) throws RuleException {
    return whole(changed(item, change));
  }

  private static Selection whole(Selection tests) {
    boolean isWhole =
        tests instanceof Selection.Field
            || tests instanceof Selection.AnyField
            || tests instanceof Selection.Item;
    return isWhole ? tests : new Selection.Item(tests);
  }

  private static Selection changed(Selection selection, TestChange change) throws RuleException {
    return switch (selection) {
      case Selection.AllOf(List<Selection> parts) -> {
        List<Selection> others = changed(parts, change);
        yield others.isEmpty() ? selection : Selection.all(others);
      }
      case Selection.AnyOf(List<Selection> parts) -> {
        List<Selection> others = changed(parts, change);
        yield others.isEmpty() ? selection : Selection.any(others);
      }
      case Selection.Not(Selection part) -> {
        Selection other = changed(part, change);
        yield isSame(other, part) ? selection : new Selection.Not(other);
      }
      case Selection.Item(Selection tests) -> {
        Selection other = changed(tests, change);
        yield isSame(other, tests) ? selection : whole(other);
      }
      case Selection.Field(String field, ValueTest test) -> {
        List<Selection> others = new ArrayList<>();
        for (ValueTest other : change.change(test).orElse(List.of())) {
          others.add(new Selection.Field(field, other));
        }
        yield others.isEmpty() ? selection : Selection.any(others);
      }
      case Selection.AnyField(ValueTest test) -> {
        List<Selection> others = new ArrayList<>();
        for (ValueTest other : change.change(inside(test)).orElse(List.of())) {
          others.add(new Selection.AnyField(DetectionReader.anywhere(other, 0)));
        }
        yield others.isEmpty() ? selection : Selection.any(others);
      }
    };
  }

  /// The changed parts; none if all stay.
  private static List<Selection> changed(List<Selection> parts, TestChange change)
      throws RuleException {
    List<Selection> others = new ArrayList<>();
    boolean same = true;
    for (Selection part : parts) {
      Selection other = changed(part, change);
      same &= isSame(other, part);
      others.add(other);
    }
    return same ? List.of() : others;
  }
}
