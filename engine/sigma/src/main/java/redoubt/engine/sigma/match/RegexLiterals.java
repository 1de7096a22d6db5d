package redoubt.engine.sigma.match;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Finds texts of which one stands in everything that a regular expression finds, so that the
/// expression need be tried only where one of them is.
///
/// Errs on the side of finding none. What the texts are compared with is folded, so the flags of
/// the expression do not matter.
final class RegexLiterals {
  /// A text that is shorter stands nearly everywhere.
  private static final int SHORTEST = 3;

  private static final int MOST = 32;
  private static final int DEEPEST = 100;

  private final String expression;
  private int position;
  private boolean understood = true;

  private RegexLiterals(String expression) {
    this.expression = expression;
  }

  /// Such texts, each of at least three characters; none if that cannot be said.
  static List<String> required(String expression) {
    RegexLiterals reader = new RegexLiterals(expression);
    List<String> texts = reader.alternatives(0);
    return reader.understood && reader.position == expression.length() ? texts : List.of();
  }

  /// What one after the other asks for: the rarest of all that must be there.
  private static final class Sequence {
    private final StringBuilder run = new StringBuilder();
    private List<String> rarest = List.of();

    void endRun() {
      if (run.length() >= SHORTEST) {
        offer(List.of(run.toString()));
      }
      run.setLength(0);
    }

    /// The last character need not be there.
    void dropLast() {
      if (!run.isEmpty()) {
        int last = run.length() - 1;
        run.setLength(last > 0 && Character.isLowSurrogate(run.charAt(last)) ? last - 1 : last);
      }
      endRun();
    }

    void offer(List<String> texts) {
      if (!texts.isEmpty() && (rarest.isEmpty() || frequency(texts) < frequency(rarest))) {
        rarest = texts;
      }
    }

    private static double frequency(List<String> texts) {
      return texts.stream().mapToDouble(text -> 1.0 / (text.length() * text.length())).sum();
    }
  }

  /// Reads up to the end of a group, or of all.
  private List<String> alternatives(int depth) {
    understood &= depth < DEEPEST;
    Set<String> texts = new LinkedHashSet<>();
    boolean all = true;
    boolean more = true;
    while (understood && more) {
      List<String> one = sequence(depth);
      all &= !one.isEmpty();
      texts.addAll(one);
      more = take('|');
    }
    return all && texts.size() <= MOST ? List.copyOf(texts) : List.of();
  }

  private List<String> sequence(int depth) {
    Sequence sequence = new Sequence();
    while (understood && position < expression.length()) {
      char c = expression.charAt(position);
      switch (c) {
        case '\\' -> escape(sequence);
        case '(' -> group(sequence, depth);
        case '[' -> {
          skipClass();
          sequence.endRun();
        }
        case '*', '?', '{' -> {
          sequence.dropLast();
          skipQuantifier();
        }
        case '+', '.', '^', '$' -> {
          sequence.endRun();
          position++;
        }
        case '|', ')' -> {
          sequence.endRun();
          return sequence.rarest;
        }
        default -> {
          sequence.run.append(c);
          position++;
        }
      }
    }
    sequence.endRun();
    return sequence.rarest;
  }

  private boolean take(char c) {
    boolean there = position < expression.length() && expression.charAt(position) == c;
    position += there ? 1 : 0;
    return there;
  }

  private void escape(Sequence sequence) {
    if (position + 1 >= expression.length()) {
      understood = false;
      return;
    }
    char c = expression.charAt(position + 1);
    position += 2;
    if (!Character.isLetterOrDigit(c)) {
      sequence.run.append(c);
    } else if ("dDwWsSbB".indexOf(c) >= 0) {
      sequence.endRun();
    } else {
      understood = false;
    }
  }

  private void skipQuantifier() {
    if (expression.charAt(position) == '{') {
      int close = expression.indexOf('}', position);
      understood &= close > 0;
      position = Math.max(close, position);
    }
    position++;
  }

  private void group(Sequence sequence, int depth) {
    sequence.endRun();
    position++;
    if (take('?') && !skipHead()) {
      return;
    }
    List<String> texts = alternatives(depth + 1);
    understood &= take(')');
    if (position >= expression.length() || "*?{".indexOf(expression.charAt(position)) < 0) {
      sequence.offer(texts);
    }
  }

  /// Reads what says how a group is meant.
  ///
  /// @return false if that is all there is of it
  private boolean skipHead() {
    while (position < expression.length()) {
      char c = expression.charAt(position);
      position++;
      if (c == ':') {
        return true;
      }
      if (c == ')') {
        return false;
      }
      if (c == '<') {
        return skipName();
      }
      // Comments would be read wrongly; what looks ahead or back need not be found.
      understood &= (Character.isLetter(c) || c == '-') && c != 'x';
    }
    understood = false;
    return false;
  }

  private boolean skipName() {
    while (position < expression.length()
        && Character.isLetterOrDigit(expression.charAt(position))) {
      position++;
    }
    understood &= take('>');
    return true;
  }

  private void skipClass() {
    position++;
    if (position < expression.length() && expression.charAt(position) == '^') {
      position++;
    }
    if (position < expression.length() && expression.charAt(position) == ']') {
      position++;
    }
    while (position < expression.length()) {
      char c = expression.charAt(position);
      if (c == '\\') {
        position += 2;
      } else if (c == '[') {
        // Classes within classes.
        understood = false;
        return;
      } else if (c == ']') {
        position++;
        return;
      } else {
        position++;
      }
    }
    understood = false;
  }
}
