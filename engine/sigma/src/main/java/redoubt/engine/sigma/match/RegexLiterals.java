package redoubt.engine.sigma.match;

import java.util.Optional;

/// Finds a text that stands in everything that a regular expression finds, so that the expression
/// need be tried only where the text is.
///
/// Errs on the side of finding none. What the text is compared with is folded, so the flags of the
/// expression do not matter.
final class RegexLiterals {
  private static final int SHORTEST = 3;

  private final String expression;
  private final StringBuilder run = new StringBuilder();
  private String longest = "";
  private int position;
  private boolean understood = true;

  private RegexLiterals(String expression) {
    this.expression = expression;
  }

  /// The longest such text, if one of at least three characters is found.
  static Optional<String> required(String expression) {
    RegexLiterals reader = new RegexLiterals(expression);
    reader.read();
    return reader.understood && reader.longest.length() >= SHORTEST
        ? Optional.of(reader.longest)
        : Optional.empty();
  }

  private void read() {
    while (understood && position < expression.length()) {
      char c = expression.charAt(position);
      switch (c) {
        case '\\' -> escape();
        case '(' -> skipGroup();
        case '[' -> {
          skipClass();
          endRun();
        }
        case '*', '?', '{' -> {
          dropLast();
          endRun();
          skipQuantifier();
        }
        case '+' -> {
          endRun();
          position++;
        }
        case '.', '^', '$' -> {
          endRun();
          position++;
        }
        case '|', ')' -> understood = false;
        default -> {
          run.append(c);
          position++;
        }
      }
    }
    endRun();
  }

  private void escape() {
    if (position + 1 >= expression.length()) {
      understood = false;
      return;
    }
    char c = expression.charAt(position + 1);
    position += 2;
    if (!Character.isLetterOrDigit(c)) {
      run.append(c);
    } else if ("dDwWsSbB".indexOf(c) >= 0) {
      endRun();
    } else {
      understood = false;
    }
  }

  private void endRun() {
    if (run.length() > longest.length()) {
      longest = run.toString();
    }
    run.setLength(0);
  }

  private void dropLast() {
    if (!run.isEmpty()) {
      int last = run.length() - 1;
      run.setLength(last > 0 && Character.isLowSurrogate(run.charAt(last)) ? last - 1 : last);
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

  /// A group may be optional or have alternatives: nothing in it counts.
  private void skipGroup() {
    endRun();
    if (expression.startsWith("(?", position)) {
      int end = position + 2;
      while (end < expression.length() && Character.isLetter(expression.charAt(end))) {
        // Comments and quoted parts would be read wrongly.
        understood &= expression.charAt(end) != 'x';
        end++;
      }
    }
    int depth = 0;
    while (understood && position < expression.length()) {
      char c = expression.charAt(position);
      if (c == '\\') {
        understood &= position + 1 < expression.length() && expression.charAt(position + 1) != 'Q';
        position += 2;
        continue;
      }
      if (c == '[') {
        skipClass();
        continue;
      }
      position++;
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth == 0) {
        return;
      }
    }
    understood = false;
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
