package redoubt.engine.sigma.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import redoubt.engine.sigma.rule.RuleProblem.Kind;
import redoubt.engine.sigma.rule.TextPattern.Part;
import redoubt.engine.sigma.rule.TextPattern.Placeholder;

/// Values of the owner's for the names that rules write as `%name%` with the modifier `expand`.
///
/// @param values by name; what a placeholder is replaced by may have wildcards
/// @param pipelineValues the same from pipelines, which fill in theirs after a rule was read; at
///   once only what cannot wait, such as a placeholder in a regular expression or a network
/// @param kept whether placeholders without values wait for pipelines; else their rule is refused
public record Placeholders(
    Map<String, List<String>> values, Map<String, List<String>> pipelineValues, boolean kept) {
  private static final int EXPANSION_LIMIT = 100_000;
  private static final long CHARACTERS_LIMIT = 16 << 20;

  /// No values: rules that want some are refused.
  public static final Placeholders NONE = new Placeholders(Map.of());

  public Placeholders {
    values = Map.copyOf(values);
    pipelineValues = Map.copyOf(pipelineValues);
  }

  /// Those values alone.
  public Placeholders(Map<String, List<String>> values) {
    this(values, Map.of(), false);
  }

  /// The values of a name: the owner's, else those of the pipelines.
  public Optional<List<String>> find(String name) {
    return findIn(values, name).or(() -> findIn(pipelineValues, name));
  }

  private static Optional<List<String>> findIn(Map<String, List<String>> lists, String name) {
    return Optional.ofNullable(lists.get(name)).filter(list -> !list.isEmpty());
  }

  /// What comes of a value when its rule is read.
  List<TextPattern> whenRead(TextPattern pattern, int line) throws RuleException {
    List<TextPattern> filled = fill(pattern, name -> findIn(values, name), line);
    Optional<String> left = filled.getFirst().findPlaceholder();
    if (left.isPresent() && !kept) {
      throw missing(left.get(), line);
    }
    return filled;
  }

  /// Every pattern that comes of one when each placeholder takes each of its values.
  ///
  /// @param found by name; empty for a placeholder that stays
  /// @param line where the pattern stands
  public static List<TextPattern> fill(
      TextPattern pattern, Function<String, Optional<List<String>>> found, int line)
      throws RuleException {
    if (pattern.findPlaceholder().isEmpty()) {
      return List.of(pattern);
    }
    List<List<Part>> filled = List.of(List.of());
    long characters = 0;
    for (Part part : pattern.parts()) {
      List<TextPattern> choices = choices(part, found);
      long longer = choices.stream().mapToLong(TextPattern::length).sum();
      characters = characters * choices.size() + filled.size() * longer;
      requireRoom((long) filled.size() * choices.size(), characters, line);
      List<List<Part>> next = new ArrayList<>();
      for (List<Part> start : filled) {
        for (TextPattern choice : choices) {
          List<Part> parts = new ArrayList<>(start);
          parts.addAll(choice.parts());
          next.add(parts);
        }
      }
      filled = next;
    }
    return filled.stream().map(TextPattern::join).toList();
  }

  private static List<TextPattern> choices(
      Part part, Function<String, Optional<List<String>>> found) {
    List<TextPattern> itself = List.of(new TextPattern(List.of(part)));
    return part instanceof Placeholder(String name)
        ? found
            .apply(name)
            .map(list -> list.stream().map(TextPattern::parse).toList())
            .orElse(itself)
        : itself;
  }

  /// Every text that comes of a value when each `%name%` takes each of its values. A backslash
  /// takes the meaning of a percent sign or another backslash, and stays before the latter.
  List<String> expand(String value, int line) throws RuleException {
    List<String> expanded = new ArrayList<>(List.of(""));
    StringBuilder run = new StringBuilder();
    int position = 0;
    while (position < value.length()) {
      char c = value.charAt(position);
      char next = position + 1 < value.length() ? value.charAt(position + 1) : 0;
      if (c == '\\' && (next == '%' || next == '\\')) {
        run.append(next == '%' ? "%" : "\\\\");
        position += 2;
        continue;
      }
      int end = c == '%' ? value.indexOf('%', position + 1) : -1;
      if (end < 0) {
        run.append(c);
        position++;
        continue;
      }
      String name = value.substring(position + 1, end);
      Optional<List<String>> found = find(name);
      if (found.isEmpty()) {
        throw missing(name, line);
      }
      append(expanded, List.of(run.toString()), line);
      append(expanded, found.get(), line);
      run.setLength(0);
      position = end + 1;
    }
    append(expanded, List.of(run.toString()), line);
    return expanded;
  }

  private static void append(List<String> texts, List<String> endings, int line)
      throws RuleException {
    long characters = (long) texts.size() * lengthOf(endings) + endings.size() * lengthOf(texts);
    requireRoom((long) texts.size() * endings.size(), characters, line);
    List<String> before = List.copyOf(texts);
    texts.clear();
    for (String text : before) {
      for (String ending : endings) {
        texts.add(text + ending);
      }
    }
  }

  private static long lengthOf(List<String> texts) {
    return texts.stream().mapToLong(String::length).sum();
  }

  private static void requireRoom(long count, long characters, int line) throws RuleException {
    if (count > EXPANSION_LIMIT || characters > CHARACTERS_LIMIT) {
      throw new RuleException(
          Kind.PLACEHOLDER,
          line,
          "placeholders give too many values: limit="
              + EXPANSION_LIMIT
              + " characters="
              + CHARACTERS_LIMIT);
    }
  }

  /// Says that a rule wants values that nobody gave.
  public static RuleException missing(String name, int line) {
    return new RuleException(
        Kind.PLACEHOLDER, line, "no values for a placeholder: placeholder=%" + name + "%");
  }
}
