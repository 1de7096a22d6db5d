package redoubt.engine.sigma.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.safere.Matcher;
import org.safere.Pattern;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// An expression and what stands instead of what it finds, in the notation of Python's `re.sub`:
/// `\1` and `\g<name>` are what a group found.
final class Replacement {
  private static final int GROUPS_LIMIT = 99;

  private final Pattern expression;
  private final List<Piece> pieces;

  private sealed interface Piece {}

  private record Text(String text) implements Piece {}

  private record Group(int number) implements Piece {}

  private Replacement(Pattern expression, List<Piece> pieces) {
    this.expression = expression;
    this.pieces = pieces;
  }

  /// @param line where the replacement stands
  static Replacement read(Pattern expression, String written, int line) throws RuleException {
    Matcher nothing = expression.matcher("");
    List<Piece> pieces = new ArrayList<>();
    int at = 0;
    while (at < written.length()) {
      int backslash = written.indexOf('\\', at);
      if (backslash < 0 || backslash == written.length() - 1) {
        if (backslash >= 0) {
          throw problem("a replacement ends with a backslash", written, line);
        }
        pieces.add(new Text(written.substring(at)));
        break;
      }
      pieces.add(new Text(written.substring(at, backslash)));
      at = escape(written, backslash + 1, nothing, pieces, line);
    }
    return new Replacement(expression, List.copyOf(pieces));
  }

  /// @return where the text goes on
  private static int escape(String written, int at, Matcher nothing, List<Piece> pieces, int line)
      throws RuleException {
    char c = written.charAt(at);
    int end = at + 1;
    if (c >= '1' && c <= '9') {
      if (end < written.length() && Character.isDigit(written.charAt(end))) {
        end++;
      }
      pieces.add(group(written.substring(at, end), nothing, written, line));
    } else if (c == 'g') {
      int close = written.indexOf('>', end);
      if (close < 0 || written.charAt(end) != '<') {
        throw problem("a group is not named", written, line);
      }
      pieces.add(group(written.substring(end + 1, close), nothing, written, line));
      end = close + 1;
    } else {
      pieces.add(
          new Text(
              switch (c) {
                case 'n' -> "\n";
                case 't' -> "\t";
                case 'r' -> "\r";
                case '\\' -> "\\";
                default -> {
                  if (Character.isLetterOrDigit(c)) {
                    throw problem("an unknown escape in a replacement", written, line);
                  }
                  yield "\\" + c;
                }
              }));
    }
    return end;
  }

  private static Group group(String name, Matcher nothing, String written, int line)
      throws RuleException {
    Map<String, Integer> names = nothing.namedGroups();
    int number = names.getOrDefault(name, -1);
    if (number < 0 && name.matches("[0-9]{1,2}")) {
      number = Integer.parseInt(name);
    }
    if (number < 0 || number > Math.min(GROUPS_LIMIT, nothing.groupCount())) {
      throw problem("no such group: group=" + name, written, line);
    }
    return new Group(number);
  }

  private static RuleException problem(String problem, String written, int line) {
    return new RuleException(Kind.PIPELINE, line, problem + ": replacement=" + written);
  }

  /// The text with everything replaced that the expression finds.
  ///
  /// @throws RuleException if that becomes too much
  String apply(String text, Progress progress) throws RuleException {
    Matcher matcher = expression.matcher(text);
    StringBuilder replaced = new StringBuilder();
    int at = 0;
    while (matcher.find()) {
      int before = replaced.length();
      replaced.append(text, at, matcher.start());
      for (Piece piece : pieces) {
        switch (piece) {
          case Text(String literal) -> replaced.append(literal);
          case Group(int number) -> {
            String found = matcher.group(number);
            replaced.append(found == null ? "" : found);
          }
        }
      }
      at = matcher.end();
      progress.countMade(0, replaced.length() - before);
    }
    return at == 0 && replaced.isEmpty()
        ? text
        : replaced.append(text, at, text.length()).toString();
  }
}
