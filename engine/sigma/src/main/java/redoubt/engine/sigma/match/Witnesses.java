package redoubt.engine.sigma.match;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Finds patterns of which one is found wherever a condition holds.
final class Witnesses {
  private Witnesses() {}

  /// The witnesses that are likely to be found least often, or null if there are none.
  static int @Nullable [] of(Condition condition, Pattern[] patterns) {
    return switch (condition) {
      case Condition.Leaf(int pattern) ->
          patterns[pattern].texts().isEmpty() ? null : new int[] {pattern};
      case Condition.Not _ -> null;
      case Condition.All(Condition[] parts) -> rarest(parts, patterns);
      case Condition.Any(Condition[] parts) -> together(parts, patterns);
    };
  }

  private static int @Nullable [] rarest(Condition[] parts, Pattern[] patterns) {
    int[] rarest = null;
    double least = Double.MAX_VALUE;
    for (Condition part : parts) {
      int[] witnesses = of(part, patterns);
      if (witnesses != null) {
        double frequency = IntStream.of(witnesses).mapToDouble(w -> patterns[w].frequency()).sum();
        if (frequency < least) {
          least = frequency;
          rarest = witnesses;
        }
      }
    }
    return rarest;
  }

  private static int @Nullable [] together(Condition[] parts, Pattern[] patterns) {
    IntStream all = IntStream.empty();
    for (Condition part : parts) {
      int[] witnesses = of(part, patterns);
      if (witnesses == null) {
        return null;
      }
      all = IntStream.concat(all, IntStream.of(witnesses));
    }
    return all.distinct().toArray();
  }
}
