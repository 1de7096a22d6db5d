package redoubt.engine.sigma.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import redoubt.engine.sigma.rule.Placeholders;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.RuleProblem.Kind;
import redoubt.engine.sigma.rule.TextPattern;
import redoubt.engine.sigma.rule.TextPattern.Literal;
import redoubt.engine.sigma.rule.TextPattern.Part;
import redoubt.engine.sigma.rule.TextPattern.Placeholder;
import redoubt.engine.sigma.rule.TextPattern.Wildcard;
import redoubt.engine.sigma.rule.ValueTest;

/// Changes the values of items, one by one. What modifiers made of a value has already happened.
sealed interface ValueChange extends Change {
  /// The tests of which one stands for `test`; empty if it stays.
  Optional<List<ValueTest>> change(ValueTest test, Progress progress) throws RuleException;

  private static Optional<List<ValueTest>> text(TextPattern pattern, boolean cased) {
    return Optional.of(List.of(new ValueTest.Text(pattern, cased)));
  }

  /// `replace_string`.
  ///
  /// @param literalsOnly whether wildcards are out of the expression's sight
  /// @param readAgain whether `*` and `?` in what comes of literals are wildcards
  record ReplaceText(Replacement replacement, boolean literalsOnly, boolean readAgain)
      implements ValueChange {
    @Override
    public Optional<List<ValueTest>> change(ValueTest test, Progress progress)
        throws RuleException {
      if (!(test instanceof ValueTest.Text(TextPattern pattern, boolean cased))) {
        return Optional.empty();
      }
      TextPattern replaced = literalsOnly ? literals(pattern, progress) : whole(pattern, progress);
      return replaced.equals(pattern) ? Optional.empty() : text(replaced, cased);
    }

    private TextPattern whole(TextPattern pattern, Progress progress) throws RuleException {
      String before = PlainText.of(pattern);
      String after = replacement.apply(before, progress);
      if (after.equals(before)) {
        return pattern;
      }
      TextPattern read = PlainText.read(after, pattern.findPlaceholder().isPresent());
      return pattern.parts().contains(Wildcard.DASH) ? read.withDashes() : read;
    }

    private TextPattern literals(TextPattern pattern, Progress progress) throws RuleException {
      List<Part> parts = new ArrayList<>();
      for (Part part : pattern.parts()) {
        if (part instanceof Literal(String literal)) {
          String after = replacement.apply(literal, progress);
          TextPattern read = readAgain ? TextPattern.parse(after) : TextPattern.literal(after);
          parts.addAll(after.equals(literal) ? List.of(part) : read.parts());
        } else {
          parts.add(part);
        }
      }
      return TextPattern.join(parts);
    }
  }

  /// `map_string`: whole values, as they are written.
  record MapText(Map<String, List<TextPattern>> texts) implements ValueChange {
    public MapText {
      texts = Map.copyOf(texts);
    }

    @Override
    public Optional<List<ValueTest>> change(ValueTest test, Progress progress) {
      return test instanceof ValueTest.Text(TextPattern pattern, boolean cased)
          ? Optional.ofNullable(texts.get(PlainText.of(pattern)))
              .map(all -> all.stream().<ValueTest>map(to -> new ValueTest.Text(to, cased)).toList())
          : Optional.empty();
    }
  }

  /// `set_value`.
  record Fixed(ValueTest value) implements ValueChange {
    @Override
    public Optional<List<ValueTest>> change(ValueTest test, Progress progress) {
      return Optional.of(List.of(value));
    }
  }

  /// `case`: of consequence only where capitals count.
  record Capitals(boolean upper) implements ValueChange {
    @Override
    public Optional<List<ValueTest>> change(ValueTest test, Progress progress) {
      if (!(test instanceof ValueTest.Text(TextPattern pattern, boolean cased))) {
        return Optional.empty();
      }
      List<Part> parts = new ArrayList<>();
      for (Part part : pattern.parts()) {
        parts.add(part instanceof Literal(String text) ? new Literal(changed(text)) : part);
      }
      return text(new TextPattern(parts), cased);
    }

    private String changed(String text) {
      return upper ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT);
    }
  }

  /// `regex`: texts are compared without respect to capitals anyway, or with it.
  record RespectCapitals(boolean respected) implements ValueChange {
    @Override
    public Optional<List<ValueTest>> change(ValueTest test, Progress progress) {
      return test instanceof ValueTest.Text(TextPattern pattern, boolean _)
          ? text(pattern, respected)
          : Optional.empty();
    }
  }

  /// `convert_type`: numbers and the texts that look like them are the same to this engine, so
  /// conversion to numbers refuses what is none, and conversion to texts does nothing.
  record Convert(boolean toNumber) implements ValueChange {
    @Override
    public Optional<List<ValueTest>> change(ValueTest test, Progress progress)
        throws RuleException {
      if (!toNumber) {
        return Optional.empty();
      }
      return switch (test) {
        case ValueTest.Text(TextPattern pattern, boolean cased) ->
            text(TextPattern.literal(number(pattern)), cased);
        case ValueTest.Compared _, ValueTest.TimePart _, ValueTest.Null _, ValueTest.Exists _ ->
            Optional.empty();
        case ValueTest.Regex _, ValueTest.Network _, ValueTest.OtherField _ ->
            throw new RuleException(Kind.PIPELINE, 0, "a value cannot become a number");
      };
    }

    private static String number(TextPattern pattern) throws RuleException {
      String written = PlainText.of(pattern);
      return Values.findNumber(written)
          .orElseThrow(() ->
              new RuleException(
                  Kind.PIPELINE, 0, "a value cannot become a number: value=" + written));
    }
  }

  /// Which placeholders a step is about.
  ///
  /// @param listed whether it is about those in the list, or about the others
  record Choice(Set<String> names, boolean listed) {
    static final Choice ALL = new Choice(Set.of(), false);

    public Choice {
      names = Set.copyOf(names);
    }

    boolean isFor(String name) {
      return names.contains(name) == listed;
    }
  }

  /// `value_placeholders`.
  record Fill(Choice choice) implements ValueChange {
    @Override
    public Optional<List<ValueTest>> change(ValueTest test, Progress progress)
        throws RuleException {
      if (!(test instanceof ValueTest.Text(TextPattern pattern, boolean cased))) {
        return Optional.empty();
      }
      boolean isConcerned = false;
      for (Part part : pattern.parts()) {
        if (part instanceof Placeholder(String name) && choice.isFor(name)) {
          isConcerned = true;
          if (progress.placeholders().find(name).isEmpty()) {
            throw Placeholders.missing(name, 0);
          }
        }
      }
      if (!isConcerned) {
        return Optional.empty();
      }
      List<ValueTest> tests = new ArrayList<>();
      for (TextPattern filled :
          Placeholders.fill(
              pattern,
              name -> choice.isFor(name) ? progress.placeholders().find(name) : Optional.empty(),
              0)) {
        progress.countMade(0, filled.length());
        tests.add(new ValueTest.Text(filled, cased));
      }
      return Optional.of(tests);
    }
  }

  /// `wildcard_placeholders`.
  record Widen(Choice choice) implements ValueChange {
    @Override
    public Optional<List<ValueTest>> change(ValueTest test, Progress progress) {
      if (!(test instanceof ValueTest.Text(TextPattern pattern, boolean cased))) {
        return Optional.empty();
      }
      List<Part> parts = new ArrayList<>();
      for (Part part : pattern.parts()) {
        boolean isConcerned = part instanceof Placeholder(String name) && choice.isFor(name);
        parts.add(isConcerned ? Wildcard.ANY : part);
      }
      return parts.equals(pattern.parts())
          ? Optional.empty()
          : text(TextPattern.join(parts), cased);
    }
  }
}
