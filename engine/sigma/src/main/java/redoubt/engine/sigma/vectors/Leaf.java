package redoubt.engine.sigma.vectors;

import java.util.Locale;
import redoubt.engine.sigma.rule.ValueTest;

/// One test of a rule.
///
/// @param field empty if any field may pass
record Leaf(String field, ValueTest test) {
  boolean isAnyField() {
    return field.isEmpty();
  }

  /// As `FIELD OPERATOR VALUE`.
  @Override
  public String toString() {
    return (isAnyField() ? "*" : field) + " " + words();
  }

  private String words() {
    return switch (test) {
      case ValueTest.Text text -> (text.cased() ? "cased " : "is ") + text.pattern();
      case ValueTest.Regex regex ->
          "re"
              + (regex.ignoringCase() ? "i" : "")
              + (regex.multiLine() ? "m" : "")
              + (regex.dotMatchesLineEnd() ? "s" : "")
              + " "
              + regex.expression();
      case ValueTest.Compared(ValueTest.Comparison comparison, double number) ->
          word(comparison) + " " + number;
      case ValueTest.Network network ->
          "cidr " + network.address().getHostAddress() + "/" + network.prefixBits();
      case ValueTest.Exists(boolean expected) -> "exists " + expected;
      case ValueTest.Null _ -> "is null";
      case ValueTest.OtherField other ->
          "fieldref " + word(other.place()) + (other.cased() ? " cased " : " ") + other.field();
      case ValueTest.TimePart part ->
          word(part.unit()) + " " + word(part.comparison()) + " " + part.number();
    };
  }

  private static String word(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
