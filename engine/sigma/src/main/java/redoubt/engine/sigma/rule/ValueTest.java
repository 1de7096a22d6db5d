package redoubt.engine.sigma.rule;

import java.net.InetAddress;
import redoubt.core.model.Place;

/// What a rule asks of one value of an event: one test for each kind of value and modifier of the
/// Sigma specification 2.1.0.
public sealed interface ValueTest {
  /// The whole value is as the pattern says.
  ///
  /// @param cased whether capitals count
  record Text(TextPattern pattern, boolean cased) implements ValueTest {}

  /// The expression is found somewhere in the value.
  ///
  /// @param expression as the rule has it
  record Regex(
      String expression, boolean ignoringCase, boolean multiLine, boolean dotMatchesLineEnd)
      implements ValueTest {}

  /// The value is a number and stands so to the rule's.
  record Compared(Comparison comparison, double number) implements ValueTest {}

  /// The value is an address of the network.
  ///
  /// @param prefixBits how many leading bits name the network
  record Network(InetAddress address, int prefixBits) implements ValueTest {}

  /// The event has the field, be it empty or null, or has it not.
  record Exists(boolean expected) implements ValueTest {}

  /// The event has no such field, or one without a value.
  record Null() implements ValueTest {}

  /// The value is, contains, begins or ends with that of another field of the event.
  record OtherField(String field, Place place, boolean cased) implements ValueTest {}

  /// A part of the date in the value stands so to the rule's number. No time zone is converted.
  record TimePart(TimeUnit unit, Comparison comparison, int number) implements ValueTest {}

  /// How two numbers may stand to each other.
  enum Comparison {
    EQ,
    LT,
    LTE,
    GT,
    GTE;

    /// Whether `left` stands so to `right`.
    public boolean holds(double left, double right) {
      return switch (this) {
        case EQ -> left == right;
        case LT -> left < right;
        case LTE -> left <= right;
        case GT -> left > right;
        case GTE -> left >= right;
      };
    }
  }

  /// The parts of a date.
  enum TimeUnit {
    MINUTE,
    HOUR,
    DAY,
    WEEK,
    MONTH,
    YEAR
  }
}
