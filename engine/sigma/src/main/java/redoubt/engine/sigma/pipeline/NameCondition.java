package redoubt.engine.sigma.pipeline;

import java.util.List;
import java.util.Set;
import org.safere.Pattern;
import redoubt.engine.sigma.rule.Selection;
import redoubt.engine.sigma.rule.ValueTest;

/// For which fields a step is.
sealed interface NameCondition {
  /// Whether the step is for a field.
  ///
  /// @param field empty for what looks at all fields
  boolean holds(String field, Progress progress);

  /// Whether it holds for the field of an item.
  default boolean holdsForFieldOf(Selection item, Progress progress) {
    return holds(Items.field(item), progress);
  }

  /// Whether it holds for the field of an item, or for one that its values refer to.
  default boolean holdsForItem(Selection item, Progress progress) {
    return holdsForFieldOf(item, progress)
        || Items.tests(item).stream()
            .anyMatch(test ->
                test instanceof ValueTest.OtherField other && holds(other.field(), progress));
  }

  /// `include_fields` and `exclude_fields`.
  ///
  /// @param expressions whose beginning the name is
  /// @param listed whether the step is for those of the list, or for the others
  record InList(Set<String> names, List<Pattern> expressions, boolean listed)
      implements NameCondition {
    public InList {
      names = Set.copyOf(names);
      expressions = List.copyOf(expressions);
    }

    @Override
    public boolean holds(String field, Progress progress) {
      boolean found =
          !field.isEmpty()
              && (names.contains(field)
                  || expressions.stream()
                      .anyMatch(expression -> expression.matcher(field).lookingAt()));
      return found == listed;
    }
  }

  /// `processing_item_applied`.
  record ChangedBy(String step) implements NameCondition {
    @Override
    public boolean holds(String field, Progress progress) {
      return progress.wasNameChangedBy(field, step);
    }

    @Override
    public boolean holdsForFieldOf(Selection item, Progress progress) {
      return progress.wasItemChangedBy(item, step);
    }
  }

  /// `processing_state`.
  record InState(StateTest state) implements NameCondition {
    @Override
    public boolean holds(String field, Progress progress) {
      return state.holds(progress);
    }
  }
}
