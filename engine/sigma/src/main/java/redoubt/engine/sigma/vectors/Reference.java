package redoubt.engine.sigma.vectors;

import java.math.BigInteger;
import java.net.InetAddress;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import redoubt.core.model.Place;
import redoubt.engine.sigma.rule.TextPattern;
import redoubt.engine.sigma.rule.ValueTest;

/// One test as the Sigma specification 2.1.0 describes it, run in the plainest way: it is there to
/// tell when the engine, which is made to be fast, is wrong. Thread-safe.
///
/// Regular expressions are Java's here; those of the engine are matched in linear time.
sealed interface Reference {
  /// The values of an event.
  interface Values {
    /// Those of a field; none if the event does not have it.
    List<String> of(String field);

    /// Those of all fields.
    List<String> all();
  }

  /// Whether the test passes.
  ///
  /// @throws TooCostly if an expression took too many steps
  boolean passes(Values event);

  /// Any of the values of a field passes, or of all fields.
  record AnyValue(String field, OfText check) implements Reference {
    @Override
    public boolean passes(Values event) {
      List<String> values = field.isEmpty() ? event.all() : event.of(field);
      return values.stream().anyMatch(check::passes);
    }
  }

  /// The field is there, or is not.
  record Presence(String field, boolean expected) implements Reference {
    @Override
    public boolean passes(Values event) {
      return event.of(field).isEmpty() != expected;
    }
  }

  /// A value stands so to one of another field.
  record Other(String field, ValueTest.OtherField test) implements Reference {
    @Override
    public boolean passes(Values event) {
      for (String value : event.of(field)) {
        for (String other : event.of(test.field())) {
          if (stands(folded(value, test.cased()), folded(other, test.cased()), test.place())) {
            return true;
          }
        }
      }
      return false;
    }

    private static boolean stands(String value, String other, Place place) {
      return switch (place) {
        case WHOLE -> value.equals(other);
        case START -> value.startsWith(other);
        case END -> value.endsWith(other);
        case ANYWHERE -> value.contains(other);
      };
    }
  }

  /// A check of one text.
  @FunctionalInterface
  interface OfText {
    boolean passes(String value);
  }

  /// An expression went back and forth for too long.
  final class TooCostly extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooCostly(String expression) {
      super("an expression takes too many steps: expression=" + expression);
    }
  }

  static Reference of(Leaf leaf) {
    String field = leaf.field();
    return switch (leaf.test()) {
      case ValueTest.Text(TextPattern pattern, boolean cased) ->
          new AnyValue(field, like(pattern, cased));
      case ValueTest.Regex regex -> new AnyValue(field, expression(regex));
      case ValueTest.Compared(ValueTest.Comparison comparison, double number) ->
          new AnyValue(
              field,
              value -> {
                double found = numberOf(value);
                return !Double.isNaN(found) && comparison.holds(found, number);
              });
      case ValueTest.Network network ->
          new AnyValue(field, value -> isWithin(value, network.address(), network.prefixBits()));
      case ValueTest.Exists(boolean expected) -> new Presence(field, expected);
      // Events of a host have no fields without a value.
      case ValueTest.Null _ -> new Presence(field, false);
      case ValueTest.OtherField other -> new Other(field, other);
      case ValueTest.TimePart part -> new AnyValue(field, value -> isPart(value, part));
    };
  }

  // ---- texts

  /// A place of a pattern.
  ///
  /// @param any whether it stands for any number of characters
  /// @param points one of which stands there; empty for whichever
  record Piece(boolean any, Set<Integer> points) {
    boolean takes(int point) {
      return points.isEmpty() || points.contains(point);
    }
  }

  private static OfText like(TextPattern pattern, boolean cased) {
    List<Piece> pieces = new ArrayList<>();
    for (TextPattern.Part part : pattern.parts()) {
      switch (part) {
        case TextPattern.Literal(String text) ->
            folded(text, cased)
                .codePoints()
                .forEach(point -> pieces.add(new Piece(false, Set.of(point))));
        case TextPattern.Wildcard.ANY -> pieces.add(new Piece(true, Set.of()));
        case TextPattern.Wildcard.ONE -> pieces.add(new Piece(false, Set.of()));
        case TextPattern.Wildcard.DASH ->
            pieces.add(
                new Piece(
                    false, TextPattern.DASHES.codePoints().boxed().collect(Collectors.toSet())));
        case TextPattern.Placeholder _ -> throw new IllegalArgumentException("a placeholder");
      }
    }
    return value -> isLike(folded(value, cased).codePoints().toArray(), pieces);
  }

  /// Which beginnings of the pattern the beginning of the value can be, character by character.
  private static boolean isLike(int[] value, List<Piece> pieces) {
    boolean[] reached = new boolean[pieces.size() + 1];
    reached[0] = true;
    skipAny(reached, pieces);
    for (int point : value) {
      boolean[] next = new boolean[pieces.size() + 1];
      for (int i = 0; i < pieces.size(); i++) {
        if (reached[i] && pieces.get(i).takes(point)) {
          next[pieces.get(i).any() ? i : i + 1] = true;
        }
      }
      skipAny(next, pieces);
      reached = next;
    }
    return reached[pieces.size()];
  }

  private static void skipAny(boolean[] reached, List<Piece> pieces) {
    for (int i = 0; i < pieces.size(); i++) {
      reached[i + 1] |= reached[i] && pieces.get(i).any();
    }
  }

  /// Texts that differ in capitals only are the same, unless capitals count.
  private static String folded(String text, boolean cased) {
    return cased
        ? text
        : text.codePoints()
            .map(point -> Character.toLowerCase(Character.toUpperCase(point)))
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  private static OfText expression(ValueTest.Regex regex) {
    int flags =
        (regex.ignoringCase() ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0)
            | (regex.multiLine() ? Pattern.MULTILINE : 0)
            | (regex.dotMatchesLineEnd() ? Pattern.DOTALL : 0);
    Pattern pattern;
    try {
      pattern = Pattern.compile(regex.expression(), flags);
    } catch (PatternSyntaxException _) {
      // Such as (?P<name>…), which Java does not know and the engine's expressions do.
      return value -> org.safere.Pattern.compile(regex.expression(), flags).matcher(value).find();
    }
    return value -> {
      Matcher matcher = pattern.matcher(new Counted(value, regex.expression()));
      return matcher.find();
    };
  }

  /// A text that may be looked at only so often.
  final class Counted implements CharSequence {
    private static final int MOST = 2_000_000;

    private final String text;
    private final String expression;
    private int looks;

    Counted(String text, String expression) {
      this.text = text;
      this.expression = expression;
    }

    @Override
    public char charAt(int index) {
      if (++looks > MOST) {
        throw new TooCostly(expression);
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  // ---- numbers, addresses and dates

  Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  /// Decimal, or hexadecimal behind `0x`; NaN if it is no number.
  private static double numberOf(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    if (word.length() > 40) {
      return Double.NaN;
    }
    if (word.matches("0x[0-9a-f]{1,16}")) {
      return new BigInteger(word.substring(2), 16).doubleValue();
    }
    return DECIMAL.matcher(word).matches() && Character.isDigit(word.charAt(word.length() - 1))
        ? Double.parseDouble(word)
        : Double.NaN;
  }

  private static boolean isWithin(String text, InetAddress network, int prefixBits) {
    String word = text.strip().split("%", 2)[0];
    if (!word.matches("[0-9a-fA-F.:]{2,45}")
        || !(word.contains(":") || word.matches("\\d+\\.\\d+\\.\\d+\\.\\d+"))) {
      return false;
    }
    byte[] address;
    try {
      address = InetAddress.ofLiteral(word).getAddress();
    } catch (IllegalArgumentException _) {
      return false;
    }
    byte[] prefix = network.getAddress();
    if (address.length != prefix.length) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit++) {
      int mask = 0x80 >> bit % 8;
      if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  Pattern DATE = Pattern.compile("(\\d{4}-\\d{2}-\\d{2})(?:[T ](\\d{2}:\\d{2}).{0,60})?");

  private static boolean isPart(String text, ValueTest.TimePart part) {
    Matcher date = DATE.matcher(text);
    if (!date.matches()) {
      return false;
    }
    String time = date.group(2) == null ? "00:00" : date.group(2);
    try {
      LocalDateTime found = LocalDateTime.parse(date.group(1) + "T" + time);
      return part.comparison().holds(found.get(fieldOf(part.unit())), part.number());
    } catch (DateTimeParseException _) {
      return false;
    }
  }

  private static TemporalField fieldOf(ValueTest.TimeUnit unit) {
    return switch (unit) {
      case MINUTE -> ChronoField.MINUTE_OF_HOUR;
      case HOUR -> ChronoField.HOUR_OF_DAY;
      case DAY -> ChronoField.DAY_OF_MONTH;
      case WEEK -> IsoFields.WEEK_OF_WEEK_BASED_YEAR;
      case MONTH -> ChronoField.MONTH_OF_YEAR;
      case YEAR -> ChronoField.YEAR;
    };
  }
}
