package redoubt.engine.sigma.pipeline;

import java.util.List;
import java.util.function.Predicate;

/// The conditions of one kind that a step has.
sealed interface Joined<C> {
  /// Whether the whole holds.
  boolean hold(Predicate<C> test);

  /// Whether there are none.
  boolean isEmpty();

  /// A single condition.
  record One<C>(C condition) implements Joined<C> {
    @Override
    public boolean hold(Predicate<C> test) {
      return test.test(condition);
    }

    @Override
    public boolean isEmpty() {
      return false;
    }
  }

  /// Several of them; none always hold.
  ///
  /// @param any whether one of them is enough
  /// @param negated whether they must not hold
  record Several<C>(List<Joined<C>> parts, boolean any, boolean negated) implements Joined<C> {
    public Several {
      parts = List.copyOf(parts);
    }

    @Override
    public boolean hold(Predicate<C> test) {
      if (parts.isEmpty()) {
        return true;
      }
      boolean hold =
          any
              ? parts.stream().anyMatch(part -> part.hold(test))
              : parts.stream().allMatch(part -> part.hold(test));
      return hold != negated;
    }

    @Override
    public boolean isEmpty() {
      return parts.isEmpty();
    }
  }
}
