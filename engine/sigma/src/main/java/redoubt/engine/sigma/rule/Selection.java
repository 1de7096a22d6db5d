package redoubt.engine.sigma.rule;

import java.util.List;

/// A condition on one event, as a tree: what the detections of a rule and its condition come to.
public sealed interface Selection {
  /// All of them hold.
  record AllOf(List<Selection> parts) implements Selection {
    public AllOf {
      parts = List.copyOf(parts);
    }
  }

  /// One of them holds.
  record AnyOf(List<Selection> parts) implements Selection {
    public AnyOf {
      parts = List.copyOf(parts);
    }
  }

  /// It does not hold.
  record Not(Selection part) implements Selection {}

  /// What one key of a rule asks of its field, if that is more than one test: says what its tests
  /// say, and that they stand together.
  ///
  /// @param tests of the same field, joined by [AllOf] and [AnyOf]
  record Item(Selection tests) implements Selection {}

  /// A value of the field passes the test.
  ///
  /// @param field its name, without spaces; capitals count
  record Field(String field, ValueTest test) implements Selection {}

  /// A value of whichever field passes the test.
  record AnyField(ValueTest test) implements Selection {}

  /// All parts hold; the part itself if there is but one.
  static Selection all(List<Selection> parts) {
    return parts.size() == 1 ? parts.getFirst() : new AllOf(parts);
  }

  /// One of the parts holds; the part itself if there is but one.
  static Selection any(List<Selection> parts) {
    return parts.size() == 1 ? parts.getFirst() : new AnyOf(parts);
  }
}
