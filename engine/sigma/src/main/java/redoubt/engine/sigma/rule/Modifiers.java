package redoubt.engine.sigma.rule;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import redoubt.core.model.Place;
import redoubt.engine.sigma.rule.RuleProblem.Kind;
import redoubt.engine.sigma.rule.ValueTest.Comparison;
import redoubt.engine.sigma.rule.ValueTest.TimeUnit;

/// The modifiers behind a field's name, applied to each of its values from left to right.
///
/// Source: Sigma specification 2.1.0, appendix "Modifiers".
final class Modifiers {
  /// Of one byte there is an offset at which nothing of its encoding is certain.
  private static final int SHORTEST_AT_EVERY_OFFSET = 2;

  /// Beside these a value stays a text in which a placeholder can wait for a pipeline.
  private static final Set<String> WAITING =
      Set.of("expand", "contains", "startswith", "endswith", "all", "neq", "cased");

  private final List<String> names;
  private final int line;
  private final Placeholders placeholders;

  /// @param names in the order in which they stand
  /// @param line of their key
  Modifiers(List<String> names, int line, Placeholders placeholders) {
    this.names = names;
    this.line = line;
    this.placeholders = placeholders;
  }

  /// Whether all values must be found instead of one.
  boolean all() {
    return names.contains("all");
  }

  /// Whether the whole is turned round.
  boolean negated() {
    return names.contains("neq");
  }

  /// The tests of which one must pass for the value to be found.
  List<ValueTest> apply(Scalar value) throws RuleException {
    // Placeholders stand in the text as the rule has it, wherever `expand` stands.
    List<Operand> operands =
        names.contains("expand")
            ? expanded(new Operand.Raw(value))
            : List.of(new Operand.Raw(value));
    for (String name : names) {
      List<Operand> next = new ArrayList<>();
      for (Operand operand : operands) {
        next.addAll(apply(name, operand));
      }
      operands = next;
    }
    List<ValueTest> tests = new ArrayList<>();
    for (Operand operand : operands) {
      tests.add(finish(operand));
    }
    return tests;
  }

  private List<? extends Operand> apply(String name, Operand operand) throws RuleException {
    return switch (name) {
      case "all", "neq", "cased", "expand" -> List.of(operand);
      case "contains" -> List.of(placed(operand, Place.ANYWHERE));
      case "startswith" -> List.of(placed(operand, Place.START));
      case "endswith" -> List.of(placed(operand, Place.END));
      case "re" -> List.of(regex(operand));
      case "i", "ignorecase" -> List.of(flagged(name, operand, true, false, false));
      case "m", "multiline" -> List.of(flagged(name, operand, false, true, false));
      case "s", "dotall" -> List.of(flagged(name, operand, false, false, true));
      case "windash" -> List.of(new Operand.Text(text(name, operand).withDashes()));
      case "base64", "base64offset", "utf16le", "wide", "utf16be", "utf16" ->
          encoded(name, operand);
      case "lt" -> List.of(compared(name, operand, Comparison.LT));
      case "lte" -> List.of(compared(name, operand, Comparison.LTE));
      case "gt" -> List.of(compared(name, operand, Comparison.GT));
      case "gte" -> List.of(compared(name, operand, Comparison.GTE));
      case "minute", "hour", "day", "week", "month", "year" ->
          List.of(timePart(TimeUnit.valueOf(name.toUpperCase(Locale.ROOT)), operand));
      case "cidr" -> List.of(new Operand.Test(Networks.parse(requireText(name, operand))));
      case "exists" -> List.of(new Operand.Test(exists(operand)));
      case "fieldref" ->
          List.of(
              new Operand.Test(
                  new ValueTest.OtherField(
                      FieldName.of(requireText(name, operand).text()),
                      Place.WHOLE,
                      names.contains("cased"))));
      default -> throw problem(Kind.MODIFIER, "unknown modifier: modifier=" + name);
    };
  }

  private ValueTest finish(Operand operand) throws RuleException {
    boolean cased = names.contains("cased");
    return switch (operand) {
      case Operand.Raw(Scalar scalar) when scalar.type() == Scalar.Type.NULL ->
          new ValueTest.Null();
      case Operand.Raw raw -> new ValueTest.Text(text("", raw), cased);
      case Operand.Text(TextPattern pattern) -> new ValueTest.Text(pattern, cased);
      case Operand.Bytes(byte[] bytes) -> new ValueTest.Text(Encodings.characters(bytes), cased);
      case Operand.Test(ValueTest test) -> test;
    };
  }

  private Operand placed(Operand operand, Place place) throws RuleException {
    if (operand instanceof Operand.Test(ValueTest.OtherField other)) {
      return new Operand.Test(new ValueTest.OtherField(other.field(), place, other.cased()));
    }
    if (operand instanceof Operand.Test(ValueTest.Regex _)) {
      // An expression is sought anywhere already.
      return operand;
    }
    String name = place.name().toLowerCase(Locale.ROOT);
    return new Operand.Text(
        text(name, operand).surrounded(place != Place.START, place != Place.END));
  }

  private TextPattern text(String name, Operand operand) throws RuleException {
    return switch (operand) {
      case Operand.Raw(Scalar scalar) when scalar.type() == Scalar.Type.TEXT ->
          TextPattern.parse(scalar.text());
      case Operand.Raw(Scalar scalar) when scalar.type() != Scalar.Type.NULL ->
          TextPattern.literal(scalar.text());
      case Operand.Text(TextPattern pattern) -> pattern;
      case Operand.Bytes(byte[] bytes) -> Encodings.characters(bytes);
      case Operand.Raw _, Operand.Test _ ->
          throw problem(Kind.MODIFIER, "a text was expected: modifier=" + name);
    };
  }

  private List<Operand> encoded(String name, Operand operand) throws RuleException {
    List<Operand> all = new ArrayList<>();
    if (operand instanceof Operand.Bytes(byte[] bytes)) {
      addEncoded(name, bytes, all);
      return all;
    }
    for (String spelling : text(name, operand).spellings()) {
      addEncoded(
          name,
          spelling.getBytes(
              switch (name) {
                case "utf16le", "wide" -> StandardCharsets.UTF_16LE;
                case "utf16be" -> StandardCharsets.UTF_16BE;
                case "utf16" -> Encodings.UTF_16_WITH_MARK;
                default -> StandardCharsets.UTF_8;
              }),
          all);
    }
    if (all.isEmpty()) {
      throw problem(Kind.VALUE, "an encoded value has no wildcards: modifier=" + name);
    }
    return all;
  }

  private void addEncoded(String name, byte[] bytes, List<Operand> all) throws RuleException {
    switch (name) {
      case "base64" -> all.add(literal(Encodings.base64(bytes)));
      case "base64offset" -> {
        if (bytes.length < SHORTEST_AT_EVERY_OFFSET) {
          throw problem(Kind.VALUE, "too short to be found at every offset: bytes=" + bytes.length);
        }
        Encodings.base64AtEveryOffset(bytes).forEach(text -> all.add(literal(text)));
      }
      default -> all.add(new Operand.Bytes(bytes));
    }
  }

  private static Operand literal(String text) {
    return new Operand.Text(TextPattern.literal(text));
  }

  private Operand regex(Operand operand) throws RuleException {
    String expression = requireText("re", operand).text();
    return new Operand.Test(new ValueTest.Regex(expression, false, false, false));
  }

  private Operand flagged(
      String name, Operand operand, boolean ignoringCase, boolean multiLine, boolean dotAll)
      throws RuleException {
    if (!(operand instanceof Operand.Test(ValueTest.Regex regex))) {
      throw problem(Kind.MODIFIER, "a modifier stands behind 're' only: modifier=" + name);
    }
    return new Operand.Test(
        new ValueTest.Regex(
            regex.expression(),
            regex.ignoringCase() || ignoringCase,
            regex.multiLine() || multiLine,
            regex.dotMatchesLineEnd() || dotAll));
  }

  private Operand compared(String name, Operand operand, Comparison comparison)
      throws RuleException {
    return switch (operand) {
      case Operand.Raw(Scalar scalar) ->
          new Operand.Test(new ValueTest.Compared(comparison, scalar.number()));
      case Operand.Test(ValueTest.TimePart part) ->
          new Operand.Test(new ValueTest.TimePart(part.unit(), comparison, part.number()));
      case Operand.Text _, Operand.Bytes _, Operand.Test _ ->
          throw problem(Kind.MODIFIER, "a number was expected: modifier=" + name);
    };
  }

  private Operand timePart(TimeUnit unit, Operand operand) throws RuleException {
    if (operand instanceof Operand.Raw(Scalar scalar)) {
      double number = scalar.number();
      if (number == Math.rint(number) && Math.abs(number) < 100_000) {
        return new Operand.Test(new ValueTest.TimePart(unit, Comparison.EQ, (int) number));
      }
      throw problem(Kind.VALUE, "no such part of a date: value=" + scalar.text());
    }
    throw problem(Kind.MODIFIER, "a number was expected: modifier=" + unit);
  }

  private ValueTest exists(Operand operand) throws RuleException {
    if (operand instanceof Operand.Raw(Scalar scalar) && scalar.type() == Scalar.Type.BOOLEAN) {
      return new ValueTest.Exists(scalar.text().equals("true"));
    }
    throw problem(Kind.VALUE, "'exists' takes true or false");
  }

  private List<Operand> expanded(Operand operand) throws RuleException {
    Scalar scalar = requireText("expand", operand);
    List<Operand> all = new ArrayList<>();
    if (WAITING.containsAll(names)) {
      TextPattern pattern = TextPattern.parseWithPlaceholders(scalar.text());
      placeholders
          .whenRead(pattern, scalar.line())
          .forEach(filled -> all.add(new Operand.Text(filled)));
      return all;
    }
    for (String text : placeholders.expand(scalar.text(), scalar.line())) {
      all.add(new Operand.Raw(new Scalar(Scalar.Type.TEXT, text, scalar.line())));
    }
    return all;
  }

  private Scalar requireText(String name, Operand operand) throws RuleException {
    if (operand instanceof Operand.Raw(Scalar scalar)
        && (scalar.type() == Scalar.Type.TEXT || scalar.type() == Scalar.Type.INTEGER)) {
      return scalar;
    }
    throw problem(Kind.MODIFIER, "a text as the rule has it was expected: modifier=" + name);
  }

  private RuleException problem(Kind kind, String reason) {
    return new RuleException(kind, line, reason);
  }
}
