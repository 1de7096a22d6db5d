package redoubt.engine.sigma.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import redoubt.core.model.Place;

/// A text as rules write it: literal characters, and places that stand for others.
///
/// @param parts in order; no two literals stand side by side, and none is empty
public record TextPattern(List<Part> parts) {
  /// A piece of a pattern.
  public sealed interface Part permits Literal, Wildcard, Placeholder {}

  /// Characters that stand for themselves.
  public record Literal(String text) implements Part {
    public Literal {
      if (text.isEmpty()) {
        throw new IllegalArgumentException("empty literal");
      }
    }
  }

  /// A place that stands for other characters, line ends included.
  public enum Wildcard implements Part {
    /// `*`: any number of characters, none too.
    ANY,
    /// `?`: one character.
    ONE,
    /// Where `windash` found a dash: any of the five characters that Windows programs take for one.
    DASH
  }

  /// Where a value of the owner's belongs: `%name%` behind `expand`. Stands in rules only until
  /// pipelines were applied, never in one that is compiled.
  public record Placeholder(String name) implements Part {}

  /// The characters that [Wildcard#DASH] stands for.
  public static final String DASHES = "-/\u2013\u2014\u2015";

  /// Three dashes in a value, five kinds of dash each.
  private static final int SPELLINGS_LIMIT = 125;

  private static final char ESCAPE = '\\';
  private static final char PERCENT = '%';

  public TextPattern {
    parts = List.copyOf(parts);
  }

  /// A text in which every character stands for itself.
  public static TextPattern literal(String text) {
    return text.isEmpty()
        ? new TextPattern(List.of())
        : new TextPattern(List.of(new Literal(text)));
  }

  /// Reads a value of a rule. A backslash takes the meaning of a following `*`, `?` or backslash
  /// and is itself a character before anything else (Sigma specification 2.1.0, "Escaping").
  public static TextPattern parse(String value) {
    return parse(value, false);
  }

  /// Reads a value behind `expand`, in which `%name%` is a placeholder and a backslash takes the
  /// meaning of a percent sign too.
  public static TextPattern parseWithPlaceholders(String value) {
    return parse(value, true);
  }

  private static TextPattern parse(String value, boolean withPlaceholders) {
    Builder builder = new Builder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      char next = i + 1 < value.length() ? value.charAt(i + 1) : 0;
      int end = withPlaceholders && c == PERCENT ? value.indexOf(PERCENT, i + 1) : -1;
      if (c == ESCAPE && (isSpecial(next) || (withPlaceholders && next == PERCENT))) {
        i++;
        builder.append(next);
      } else if (end >= 0) {
        builder.append(new Placeholder(value.substring(i + 1, end)));
        i = end;
      } else if (c == '*') {
        builder.append(Wildcard.ANY);
      } else if (c == '?') {
        builder.append(Wildcard.ONE);
      } else {
        builder.append(c);
      }
    }
    return builder.build();
  }

  /// The parts as one pattern, whichever stand side by side.
  public static TextPattern join(List<? extends Part> parts) {
    Builder builder = new Builder();
    for (Part part : parts) {
      if (part instanceof Literal(String text)) {
        builder.append(text);
      } else {
        builder.append(part);
      }
    }
    return builder.build();
  }

  private static boolean isSpecial(char c) {
    return c == '*' || c == '?' || c == ESCAPE;
  }

  /// Whether any part stands for other characters than itself.
  public boolean hasWildcards() {
    return !parts.stream().allMatch(Literal.class::isInstance);
  }

  /// The name of the first placeholder, if there is one.
  public Optional<String> findPlaceholder() {
    return parts.stream()
        .filter(Placeholder.class::isInstance)
        .map(part -> ((Placeholder) part).name())
        .findFirst();
  }

  /// How many characters stand for themselves.
  public int length() {
    return parts.stream()
        .mapToInt(part -> part instanceof Literal(String text) ? text.length() : 0)
        .sum();
  }

  /// The text, of a pattern without wildcards.
  public String requireLiteral() {
    if (hasWildcards()) {
      throw new IllegalStateException("pattern has wildcards: pattern=" + this);
    }
    return parts.isEmpty() ? "" : ((Literal) parts.getFirst()).text();
  }

  /// Where in a value what stands between a first and a last `*` is sought.
  public Place place() {
    boolean openEnd = parts.size() > 1 && parts.getLast() == Wildcard.ANY;
    if (isOpenAtStart()) {
      return openEnd ? Place.ANYWHERE : Place.END;
    }
    return openEnd ? Place.START : Place.WHOLE;
  }

  /// The pattern without a first and a last `*`.
  public TextPattern core() {
    boolean openEnd = parts.size() > 1 && parts.getLast() == Wildcard.ANY;
    return new TextPattern(
        parts.subList(isOpenAtStart() ? 1 : 0, parts.size() - (openEnd ? 1 : 0)));
  }

  private boolean isOpenAtStart() {
    return !parts.isEmpty() && parts.getFirst() == Wildcard.ANY;
  }

  /// Every text that the pattern stands for; none if they are too many to be written out.
  public List<String> spellings() {
    List<String> spellings = new ArrayList<>(List.of(""));
    for (Part part : parts) {
      List<String> before = List.copyOf(spellings);
      spellings.clear();
      switch (part) {
        case Literal(String text) -> before.forEach(start -> spellings.add(start + text));
        case Wildcard.DASH ->
            before.forEach(
                start -> DASHES.chars().forEach(dash -> spellings.add(start + (char) dash)));
        case Wildcard.ANY, Wildcard.ONE -> {
          return List.of();
        }
        case Placeholder _ -> {
          return List.of();
        }
      }
      if (spellings.size() > SPELLINGS_LIMIT) {
        return List.of();
      }
    }
    return spellings;
  }

  /// The same with `*` before or after it, where there is none yet.
  public TextPattern surrounded(boolean before, boolean after) {
    List<Part> all = new ArrayList<>(parts);
    if (before && (all.isEmpty() || all.getFirst() != Wildcard.ANY)) {
      all.addFirst(Wildcard.ANY);
    }
    if (after && (all.isEmpty() || all.getLast() != Wildcard.ANY)) {
      all.addLast(Wildcard.ANY);
    }
    return new TextPattern(all);
  }

  /// The same with every dash that begins an option replaced by [Wildcard#DASH]: one with a letter,
  /// digit or underscore behind it and none before it.
  public TextPattern withDashes() {
    Builder builder = new Builder();
    char before = 0;
    for (int p = 0; p < parts.size(); p++) {
      if (!(parts.get(p) instanceof Literal(String text))) {
        builder.append(parts.get(p));
        before = 0;
        continue;
      }
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        char after = i + 1 < text.length() ? text.charAt(i + 1) : 0;
        if (DASHES.indexOf(c) >= 0 && !isWord(before) && isWord(after)) {
          builder.append(Wildcard.DASH);
        } else {
          builder.append(c);
        }
        before = c;
      }
    }
    return builder.build();
  }

  private static boolean isWord(char c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }

  /// The pattern in the notation of rules; what `windash` found reads as a dash.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Literal(String literal) -> text.append(escaped(literal));
        case Wildcard.ANY -> text.append('*');
        case Wildcard.ONE -> text.append('?');
        case Wildcard.DASH -> text.append('-');
        case Placeholder(String name) -> text.append(PERCENT).append(name).append(PERCENT);
      }
    }
    return text.toString();
  }

  private static String escaped(String literal) {
    return literal.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?");
  }

  private static final class Builder {
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();

    void append(char c) {
      literal.append(c);
    }

    void append(String text) {
      literal.append(text);
    }

    void append(Part part) {
      flush();
      // Two `*` side by side say no more than one.
      if (part != Wildcard.ANY || parts.isEmpty() || parts.getLast() != Wildcard.ANY) {
        parts.add(part);
      }
    }

    private void flush() {
      if (!literal.isEmpty()) {
        parts.add(new Literal(literal.toString()));
        literal.setLength(0);
      }
    }

    TextPattern build() {
      flush();
      return new TextPattern(parts);
    }
  }
}
