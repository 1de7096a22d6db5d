package redoubt.engine.sigma.pipeline;

import java.util.function.Predicate;
import org.safere.Pattern;
import redoubt.engine.sigma.rule.Scalar;
import redoubt.engine.sigma.rule.Selection;
import redoubt.engine.sigma.rule.TextPattern;
import redoubt.engine.sigma.rule.TextPattern.Wildcard;
import redoubt.engine.sigma.rule.ValueTest;

/// For which items of a rule a step is.
sealed interface ItemCondition {
  boolean holds(Selection item, Progress progress);

  /// A condition on values.
  ///
  /// @param all whether every value of an item must be so, or one
  record OfValues(Predicate<ValueTest> test, boolean all) implements ItemCondition {
    @Override
    public boolean holds(Selection item, Progress progress) {
      return all
          ? Items.tests(item).stream().allMatch(test)
          : Items.tests(item).stream().anyMatch(test);
    }
  }

  /// `match_string`: the beginning of a text is as the expression says, or is not.
  static Predicate<ValueTest> matching(Pattern expression, boolean negated) {
    return test ->
        (test instanceof ValueTest.Text(TextPattern pattern, boolean _)
                && expression.matcher(PlainText.of(pattern)).lookingAt())
            != negated;
  }

  /// `match_value`.
  static Predicate<ValueTest> equalTo(Scalar value) {
    return test -> Values.isTestOf(test, value);
  }

  /// `contains_wildcard`.
  static Predicate<ValueTest> withWildcard() {
    return test ->
        test instanceof ValueTest.Text(TextPattern pattern, boolean _)
            && pattern.parts().stream().anyMatch(Wildcard.class::isInstance);
  }

  /// `is_null`.
  static Predicate<ValueTest> isNull() {
    return ValueTest.Null.class::isInstance;
  }

  /// `processing_item_applied`.
  record ChangedBy(String step) implements ItemCondition {
    @Override
    public boolean holds(Selection item, Progress progress) {
      return progress.wasItemChangedBy(item, step);
    }
  }

  /// `processing_state`.
  record InState(StateTest state) implements ItemCondition {
    @Override
    public boolean holds(Selection item, Progress progress) {
      return state.holds(progress);
    }
  }
}
