package redoubt.engine.sigma.vectors;

import java.net.InetAddress;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Endpoint;
import redoubt.engine.sigma.rule.TextPattern;
import redoubt.engine.sigma.rule.ValueTest;

/// Proposes values that may pass some tests of a field. Each is to be looked at: most tests are met
/// by most proposals, and none is promised. Not thread-safe.
final class ValueMaker {
  private static final int COMBINATIONS = 4;
  private static final int REGEX_TRIES = 6;
  private static final int MOST_DATES = 40;

  private static final Pattern NO_LETTERS = Pattern.compile("[^A-Za-z0-9_]+");

  private final Draft draft;
  private final String mark;
  private final @Nullable SplittableRandom choice;

  /// What a value is put together from.
  private static final class Pieces {
    final List<String> wholes = new ArrayList<>();
    final List<String> starts = new ArrayList<>();
    final List<String> middles = new ArrayList<>();
    final List<String> ends = new ArrayList<>();
  }

  /// @param draft with the values of other fields
  /// @param mark a word that stands in no rule
  /// @param choice draws between several ways; null for the simplest
  ValueMaker(Draft draft, String mark, @Nullable SplittableRandom choice) {
    this.draft = draft;
    this.mark = mark;
    this.choice = choice;
  }

  /// Proposals, the best first.
  ///
  /// @param passing tests that the value is to pass
  /// @param around tests whose numbers and addresses lie near, to pass or to fail
  Set<String> proposals(String field, List<ValueTest> passing, List<ValueTest> around) {
    Set<String> all = new LinkedHashSet<>();
    if (!passing.isEmpty()) {
      for (int i = 0; i < (choice == null ? 1 : REGEX_TRIES); i++) {
        Pieces pieces = pieces(passing);
        all.addAll(pieces.wholes);
        for (int way = 0; way < COMBINATIONS; way++) {
          all.add(joined(field, pieces, way));
        }
      }
    }
    all.addAll(FieldWords.usual(field));
    for (ValueTest test : around) {
      near(test, all);
    }
    if (passing.isEmpty()) {
      all.add(filler(field, 0));
      all.add("zz");
      all.add("0");
    }
    return all;
  }

  private Pieces pieces(List<ValueTest> tests) {
    Pieces pieces = new Pieces();
    List<String> words = choice == null ? List.of() : words(tests);
    for (ValueTest test : tests) {
      switch (test) {
        case ValueTest.Text(TextPattern pattern, _) -> text(pattern, pieces);
        case ValueTest.Regex regex -> {
          RegexSample sample = RegexSample.of(regex.expression(), words, choice);
          if (sample != null) {
            place(sample.text(), sample.atStart(), sample.atEnd(), pieces);
          }
        }
        case ValueTest.OtherField other -> {
          String value = draft.text(other.field(), "");
          switch (other.place()) {
            case WHOLE -> pieces.wholes.add(value);
            case START -> pieces.starts.add(value);
            case END -> pieces.ends.add(value);
            case ANYWHERE -> pieces.middles.add(value);
          }
        }
        case ValueTest.Compared _,
            ValueTest.Network _,
            ValueTest.Exists _,
            ValueTest.Null _,
            ValueTest.TimePart _ -> {
          // What lies near says it.
        }
      }
    }
    return pieces;
  }

  /// What texts that are to pass have in them, and what expressions are found in.
  private List<String> words(List<ValueTest> tests) {
    List<String> words = new ArrayList<>();
    for (ValueTest test : tests) {
      if (test instanceof ValueTest.Regex regex) {
        RegexSample sample = RegexSample.of(regex.expression(), List.of(), choice);
        if (sample != null) {
          words.add(sample.text());
        }
      } else if (test instanceof ValueTest.Text(TextPattern pattern, _)) {
        for (TextPattern.Part part : pattern.parts()) {
          if (part instanceof TextPattern.Literal(String text)) {
            words.add(text);
            words.addAll(List.of(NO_LETTERS.split(text)));
          }
        }
      }
    }
    return words;
  }

  private static void place(String text, boolean atStart, boolean atEnd, Pieces pieces) {
    if (atStart && atEnd) {
      pieces.wholes.add(text);
    } else {
      (atStart ? pieces.starts : atEnd ? pieces.ends : pieces.middles).add(text);
    }
  }

  private void text(TextPattern pattern, Pieces pieces) {
    StringBuilder piece = new StringBuilder();
    boolean first = true;
    for (TextPattern.Part part : pattern.parts()) {
      switch (part) {
        case TextPattern.Literal(String text) -> piece.append(text);
        case TextPattern.Wildcard.ONE -> piece.append(choice == null ? 'z' : pick("zq7v"));
        case TextPattern.Wildcard.DASH ->
            piece.append(choice == null ? '-' : pick(TextPattern.DASHES));
        case TextPattern.Wildcard.ANY -> {
          if (!piece.isEmpty()) {
            place(piece.toString(), first, false, pieces);
          }
          piece.setLength(0);
          first = false;
        }
        case TextPattern.Placeholder _ -> {}
      }
    }
    if (!piece.isEmpty()) {
      place(piece.toString(), first, true, pieces);
    }
  }

  private char pick(String from) {
    return from.charAt(choice == null ? 0 : choice.nextInt(from.length()));
  }

  // ---- putting together

  /// @param way 0 with words between the pieces, 1 with nothing, 2 with blanks, 3 one over another
  private String joined(String field, Pieces pieces, int way) {
    String start = longest(pieces.starts);
    String end = longest(pieces.ends);
    StringBuilder value = new StringBuilder(start);
    if (way == 0) {
      value.append(start.isEmpty() ? filler(field, 0) : filler(field, 1));
    }
    List<String> middles = new ArrayList<>(pieces.middles);
    if (way == 3) {
      middles.sort(Comparator.comparingInt(String::length).reversed());
    }
    for (String middle : middles) {
      if (way == 3) {
        overlapped(value, middle);
      } else if (value.indexOf(middle) < 0) {
        value.append(way == 2 ? " " : "").append(middle);
        value.append(way == 0 ? filler(field, 1) : "");
      }
    }
    if (way == 3) {
      if (!value.toString().endsWith(end)) {
        overlapped(value, end);
      }
    } else {
      value.append(end);
    }
    return value.toString();
  }

  private static void overlapped(StringBuilder value, String piece) {
    String text = value.toString();
    if (text.contains(piece)) {
      return;
    }
    int common = Math.min(text.length(), piece.length());
    while (!text.endsWith(piece.substring(0, common))) {
      common--;
    }
    value.append(piece.substring(common));
  }

  private static String longest(List<String> texts) {
    String longest = "";
    for (String text : texts) {
      longest = text.length() > longest.length() ? text : longest;
    }
    return longest;
  }

  /// A word that nobody looks for.
  ///
  /// @param place 0 where a value begins, 1 elsewhere
  private String filler(String field, int place) {
    boolean isPath = FieldWords.isPath(field);
    if (place == 0) {
      return isPath ? "/opt/" + mark : mark;
    }
    return choice != null && choice.nextBoolean() && !isPath ? " " + mark + " " : mark;
  }

  // ---- numbers, addresses and dates

  private static void near(ValueTest test, Set<String> all) {
    switch (test) {
      case ValueTest.Compared(_, double number) -> {
        double whole = Math.floor(number);
        for (double each : new double[] {number, whole, whole + 1, whole - 1}) {
          all.add(
              each == Math.rint(each) && Math.abs(each) < 1e15
                  ? Long.toString((long) each)
                  : Double.toString(each));
        }
      }
      case ValueTest.Network network -> all.add(within(network.address(), network.prefixBits()));
      case ValueTest.TimePart part -> dates(part, all);
      case ValueTest.Text(TextPattern pattern, _) -> {
        if (!pattern.hasWildcards()) {
          all.add(pattern.requireLiteral());
        } else if (pattern.length() > 0) {
          completed(pattern, all);
        }
      }
      case ValueTest.Regex _, ValueTest.Exists _, ValueTest.Null _, ValueTest.OtherField _ -> {}
    }
  }

  /// What begins as an address, to its end.
  private static void completed(TextPattern pattern, Set<String> all) {
    String begun = pattern.core().toString();
    if (begun.matches("[0-9.]+")) {
      int groups = (int) begun.chars().filter(c -> c == '.').count();
      all.add(begun + (begun.endsWith(".") ? "7" : "") + ".9".repeat(Math.max(0, 3 - groups)));
      all.add("198.18." + begun);
    } else if (begun.matches("[0-9a-fA-F:]+")) {
      all.add(begun + (begun.endsWith(":") ? "7" : "::7"));
    }
  }

  private static String within(InetAddress network, int prefixBits) {
    byte[] bytes = network.getAddress();
    if (prefixBits < 8 * bytes.length) {
      bytes[bytes.length - 1] |= 1;
    }
    return Endpoint.of(bytes, 0).address();
  }

  private static void dates(ValueTest.TimePart part, Set<String> all) {
    for (int number = part.number() - 1; number <= part.number() + 1; number++) {
      LocalDate day = LocalDate.of(2024, 6, 12);
      String time = "10:20";
      switch (part.unit()) {
        case MINUTE -> time = "10:" + twoDigits(number);
        case HOUR -> time = twoDigits(number) + ":20";
        case DAY -> all.add("2024-07-" + twoDigits(number) + "T10:20:30");
        case WEEK -> day = LocalDate.of(2024, 1, 3).plusWeeks(number - 1L);
        case MONTH -> all.add("2024-" + twoDigits(number) + "-12T10:20:30");
        case YEAR -> day = number >= 0 && number < 10_000 ? LocalDate.of(number, 6, 12) : day;
      }
      if (all.size() < MOST_DATES) {
        all.add(day + "T" + time + ":30");
      }
    }
  }

  private static String twoDigits(int number) {
    return (number < 10 && number >= 0 ? "0" : "") + number;
  }
}
