package redoubt.engine.sigma.pipeline;

import java.math.BigInteger;
import java.util.Optional;
import redoubt.engine.sigma.rule.Scalar;
import redoubt.engine.sigma.rule.TextPattern;
import redoubt.engine.sigma.rule.ValueTest;

/// Single values in pipelines, as tests of rules.
final class Values {
  private static final int DIGITS_LIMIT = 400;
  private static final String INTEGER = "[+-]?[0-9]+";
  private static final String DECIMAL = "[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?";

  private Values() {}

  /// The test that a rule with that value makes.
  static ValueTest test(Scalar scalar) {
    return switch (scalar.type()) {
      case NULL -> new ValueTest.Null();
      case TEXT -> new ValueTest.Text(TextPattern.parse(scalar.text()), false);
      case INTEGER, FLOAT, BOOLEAN -> new ValueTest.Text(TextPattern.literal(scalar.text()), false);
    };
  }

  /// Whether a test is the one that a rule with that value makes, capitals counting or not.
  static boolean isTestOf(ValueTest test, Scalar scalar) {
    return switch (test(scalar)) {
      case ValueTest.Text(TextPattern wanted, boolean _) ->
          test instanceof ValueTest.Text(TextPattern pattern, boolean _) && pattern.equals(wanted);
      case ValueTest other -> test.equals(other);
    };
  }

  /// The number that a text is, as a rule would have it.
  static Optional<String> findNumber(String text) {
    String written = text.strip();
    if (written.length() > DIGITS_LIMIT) {
      return Optional.empty();
    }
    if (written.matches(INTEGER)) {
      return Optional.of(new BigInteger(written).toString());
    }
    return written.matches(DECIMAL) ? Optional.of(written) : Optional.empty();
  }
}
