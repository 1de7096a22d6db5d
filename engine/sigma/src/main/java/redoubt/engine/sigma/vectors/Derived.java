package redoubt.engine.sigma.vectors;

import java.util.List;
import redoubt.core.wire.TestVector;

/// What came of deriving. The same rules give the same.
///
/// @param vectors in the order in which they are to be run
/// @param gaps what they do not cover
public record Derived(List<TestVector> vectors, List<Gap> gaps, Coverage coverage) {
  public Derived {
    vectors = List.copyOf(vectors);
    gaps = List.copyOf(gaps);
  }

  /// How much is covered.
  ///
  /// @param rules how many rules there are of which events of this host exist
  /// @param coveredRules how many of them have no gap
  /// @param tests how many tests these rules have
  /// @param coveredTests how many of them are shown to decide
  /// @param masked how many of the covered are shown by vectors that differ in other tests too,
  ///   which decide nothing there
  public record Coverage(int rules, int coveredRules, int tests, int coveredTests, int masked) {}
}
