package redoubt.engine.sigma.pipeline;

/// How two values may stand to each other.
enum Relation {
  EQ,
  NE,
  GTE,
  GT,
  LTE,
  LT;

  /// Whether values that compare so stand so.
  ///
  /// @param order negative, 0 or positive, as of [Comparable]
  boolean holds(int order) {
    return switch (this) {
      case EQ -> order == 0;
      case NE -> order != 0;
      case GTE -> order >= 0;
      case GT -> order > 0;
      case LTE -> order <= 0;
      case LT -> order < 0;
    };
  }
}
