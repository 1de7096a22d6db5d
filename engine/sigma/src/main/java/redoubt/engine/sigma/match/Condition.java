package redoubt.engine.sigma.match;

/// What an event must be like, with the patterns of a [RuleGroup] as leaves.
sealed interface Condition {
  /// All hold.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record All(Condition... parts) implements Condition {}

  /// One of them holds.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Any(Condition... parts) implements Condition {}

  /// It does not hold.
  record Not(Condition part) implements Condition {}

  /// The pattern is found.
  ///
  /// @param pattern its number in the group
  record Leaf(int pattern) implements Condition {}
}
