package redoubt.engine.sigma.vectors;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.HostEvent;
import redoubt.engine.sigma.rule.ValueTest;

/// Makes an event of which some of a rule's tests pass and others fail. Not thread-safe.
final class Realiser {
  private static final int CHOICES = 6;

  private final Tree tree;
  private final List<Reference> references;
  private final Prober prober;

  Realiser(Tree tree, List<Reference> references, Prober prober) {
    this.tree = tree;
    this.references = references;
    this.prober = prober;
  }

  /// What one field is to be like, by numbers of tests.
  private record Field(List<Integer> passing, List<Integer> failing) {
    Field() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  /// An event that was made.
  ///
  /// @param passing the tests that pass
  record Made(Shape shape, Draft draft, HostEvent event, BitSet passing) {}

  /// Makes it.
  ///
  /// @param choice draws between several ways; null for the simplest
  /// @return null if that did not succeed
  @Nullable Made make(
      Tree.Wish wish, Shape shape, Numbering number, @Nullable SplittableRandom choice) {
    if (!wish.isPossible()) {
      return null;
    }
    Draft draft = draft(wish, shape, Words.mark(number.pid(0)), choice);
    if (draft == null) {
      return null;
    }
    HostEvent event = EventMaker.make(shape, draft, number.beginNanos(), number.pid(0));
    BitSet passing = event == null ? null : prober.passing(event, references);
    if (event == null || passing == null || !fits(wish, passing)) {
      return null;
    }
    return new Made(shape, draft, event, passing);
  }

  private static boolean fits(Tree.Wish wish, BitSet passing) {
    BitSet missing = (BitSet) wish.passing().clone();
    missing.andNot(passing);
    return missing.isEmpty() && !wish.failing().intersects(passing);
  }

  private @Nullable Draft draft(
      Tree.Wish wish, Shape shape, String mark, @Nullable SplittableRandom choice) {
    Map<String, Field> fields = fields(wish, shape, choice);
    Draft draft = new Draft();
    List<String> later = new ArrayList<>();
    for (Map.Entry<String, Field> entry : fields.entrySet()) {
      if (entry.getValue().passing().stream().anyMatch(this::isOther)) {
        later.add(entry.getKey());
      } else if (!set(entry.getKey(), entry.getValue(), shape, draft, mark, choice)) {
        return null;
      }
    }
    for (String name : later) {
      Field field = field(fields, name);
      for (int test : field.passing()) {
        if (tree.leaves().get(test).test() instanceof ValueTest.OtherField(String other, _, _)) {
          String value = (FieldWords.isPath(other) ? "/opt/" : "") + mark + "o";
          draft.values().putIfAbsent(other, List.of(value));
        }
      }
      if (!set(name, field, shape, draft, mark, choice)) {
        return null;
      }
    }
    return draft;
  }

  private boolean isOther(int test) {
    return tree.leaves().get(test).test() instanceof ValueTest.OtherField;
  }

  private Map<String, Field> fields(
      Tree.Wish wish, Shape shape, @Nullable SplittableRandom choice) {
    List<String> carriers = shape.carriers();
    String carrier = carriers.get(choice == null ? 0 : choice.nextInt(carriers.size()));
    Map<String, Field> fields = new LinkedHashMap<>();
    wish.passing().stream()
        .forEach(test -> {
          Leaf leaf = tree.leaves().get(test);
          field(fields, leaf.isAnyField() ? carrier : leaf.field()).passing().add(test);
        });
    wish.failing().stream()
        .forEach(test -> {
          Leaf leaf = tree.leaves().get(test);
          if (!leaf.isAnyField()) {
            field(fields, leaf.field()).failing().add(test);
          }
        });
    return fields;
  }

  private static Field field(Map<String, Field> fields, String name) {
    return fields.computeIfAbsent(name, _ -> new Field());
  }

  /// Chooses the values of a field.
  ///
  /// @return whether there are such
  private boolean set(
      String name,
      Field field,
      Shape shape,
      Draft draft,
      String mark,
      @Nullable SplittableRandom choice) {
    boolean absent = isAbsent(field);
    boolean present = isPresent(field);
    if (!shape.isChosen(name)) {
      // What it has is not ours to say; whether that will do is seen in the end.
      return !present || shape.has(name);
    }
    if (absent) {
      draft.values().put(name, List.of());
      return !present;
    }
    boolean usual = field.passing().isEmpty() && !(present && shape == Shape.AUDIT);
    if (usual && shape != Shape.AUDIT && (choice == null || choice.nextBoolean())) {
      return true;
    }
    if (field.passing().isEmpty() && !present && choice != null && choice.nextInt(3) == 0) {
      draft.values().put(name, List.of());
      return true;
    }
    List<String> values = values(name, field, field.passing(), draft, mark, choice);
    if (!values.isEmpty()) {
      int chosen = choice == null ? 0 : choice.nextInt(Math.min(CHOICES, values.size()));
      draft.values().put(name, List.of(values.get(chosen)));
      return true;
    }
    return shape.takesMany(name) && setMany(name, field, draft, mark, choice);
  }

  private boolean setMany(
      String name, Field field, Draft draft, String mark, @Nullable SplittableRandom choice) {
    List<String> all = new ArrayList<>();
    for (int test : field.passing()) {
      List<String> values = values(name, field, List.of(test), draft, mark, choice);
      if (values.isEmpty()) {
        return false;
      }
      all.add(values.getFirst());
    }
    draft.values().put(name, List.copyOf(all));
    return true;
  }

  /// Values that pass, alone, and do not pass what is to fail.
  private List<String> values(
      String name,
      Field field,
      List<Integer> passing,
      Draft draft,
      String mark,
      @Nullable SplittableRandom choice) {
    List<ValueTest> near = new ArrayList<>();
    passing.forEach(test -> near.add(tree.leaves().get(test).test()));
    List<ValueTest> wanted = List.copyOf(near);
    field.failing().stream()
        .limit(CHOICES)
        .map(test -> tree.leaves().get(test).test())
        .filter(test -> !(test instanceof ValueTest.Text))
        .forEach(near::add);
    List<String> good = new ArrayList<>();
    for (String value : new ValueMaker(draft, mark, choice).proposals(name, wanted, near)) {
      if (!value.isEmpty()
          && FieldWords.allows(name, value)
          && passing.stream().allMatch(test -> passes(test, value, true))
          && field.failing().stream().noneMatch(test -> passes(test, value, false))) {
        good.add(value);
        if (choice == null) {
          break;
        }
      }
    }
    return good;
  }

  /// @param unknown what is said of a test that one value does not decide
  private boolean passes(int test, String value, boolean unknown) {
    return switch (references.get(test)) {
      case Reference.AnyValue(_, Reference.OfText check) -> check.passes(value);
      case Reference.Presence(_, boolean expected) -> expected;
      case Reference.Other _ -> unknown;
    };
  }

  private boolean isAbsent(Field field) {
    return field.passing().stream().anyMatch(test -> isPresence(test, false))
        || field.failing().stream().anyMatch(test -> isPresence(test, true));
  }

  private boolean isPresent(Field field) {
    return field.passing().stream().anyMatch(test -> !isPresence(test, false))
        || field.failing().stream().anyMatch(test -> isPresence(test, false));
  }

  private boolean isPresence(int test, boolean expected) {
    return references.get(test) instanceof Reference.Presence(_, boolean found)
        && found == expected;
  }
}
