package redoubt.engine.sigma.match;

import java.util.Comparator;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import redoubt.core.model.Place;
import redoubt.core.search.Folding;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.match.Pattern.SoughtText;
import redoubt.engine.sigma.rule.TextPattern;
import redoubt.engine.sigma.rule.TextPattern.Literal;
import redoubt.engine.sigma.rule.ValueTest;

/// Makes patterns of tests.
final class PatternCompiler {
  private final FieldTable fields;

  PatternCompiler(FieldTable fields) {
    this.fields = fields;
  }

  /// @param slot the field, or [Pattern#EVERY_FIELD]
  /// @throws PatternSyntaxException if a regular expression is none
  Pattern compile(int slot, ValueTest test) {
    return switch (test) {
      case ValueTest.Text text -> text(slot, text);
      case ValueTest.Regex regex -> regex(slot, regex);
      case ValueTest.Compared(ValueTest.Comparison comparison, double number) ->
          checked(slot, test, new ValueCheck.Compared(comparison, number));
      case ValueTest.Network network ->
          checked(
              slot,
              test,
              new ValueCheck.Network(new NetworkPrefix(network.address(), network.prefixBits())));
      case ValueTest.Exists(boolean expected) ->
          checked(slot, test, new ValueCheck.Exists(expected));
      case ValueTest.Null _ -> checked(slot, test, new ValueCheck.Null());
      case ValueTest.OtherField other ->
          checked(
              slot,
              test,
              new ValueCheck.OtherField(fields.slot(other.field()), other.place(), other.cased()));
      case ValueTest.TimePart part -> checked(slot, test, new ValueCheck.TimePart(part));
    };
  }

  private static Pattern checked(int slot, ValueTest test, ValueCheck check) {
    return new Pattern(slot, test, check, List.of(), false);
  }

  private static Pattern regex(int slot, ValueTest.Regex regex) {
    int flags =
        (regex.ignoringCase()
                ? org.safere.Pattern.CASE_INSENSITIVE | org.safere.Pattern.UNICODE_CASE
                : 0)
            | (regex.multiLine() ? org.safere.Pattern.MULTILINE : 0)
            | (regex.dotMatchesLineEnd() ? org.safere.Pattern.DOTALL : 0);
    ValueCheck check = new ValueCheck.Regex(org.safere.Pattern.compile(regex.expression(), flags));
    List<SoughtText> texts =
        RegexLiterals.required(regex.expression()).stream()
            .map(text -> new SoughtText(Folding.fold(text), Place.ANYWHERE))
            .toList();
    return new Pattern(slot, regex, check, texts, false);
  }

  private static Pattern text(int slot, ValueTest.Text test) {
    TextPattern core = test.pattern().core();
    Place place = test.pattern().place();
    ValueCheck check = new ValueCheck.Text(new Glob(test.pattern(), test.cased()), test.cased());
    if (core.parts().isEmpty() && place != Place.WHOLE) {
      return new Pattern(slot, test, check, List.of(), false);
    }
    List<String> spellings = core.spellings();
    if (!spellings.isEmpty()) {
      List<SoughtText> texts =
          spellings.stream().map(text -> new SoughtText(Folding.fold(text), place)).toList();
      return new Pattern(slot, test, check, texts, !test.cased());
    }
    List<SoughtText> longest =
        core.parts().stream()
            .filter(Literal.class::isInstance)
            .map(part -> ((Literal) part).text())
            .max(Comparator.comparingInt(String::length))
            .stream()
            .map(text -> new SoughtText(Folding.fold(text), Place.ANYWHERE))
            .toList();
    return new Pattern(slot, test, check, longest, false);
  }
}
