package redoubt.engine.sigma.vectors;

/// Words that stand in no rule, and rules' words within the bounds of vectors. Stateless.
final class Words {
  private static final String LETTERS = "qzvkj";

  private Words() {}

  /// A word for a number, of letters that seldom stand side by side.
  static String mark(int number) {
    StringBuilder mark = new StringBuilder("z");
    for (int rest = number; rest > 0; rest /= LETTERS.length()) {
      mark.append(LETTERS.charAt(rest % LETTERS.length()));
    }
    return mark.toString();
  }

  /// The beginning of a text.
  static String cut(String text, int mostChars) {
    return text.length() <= mostChars
        ? text
        : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, mostChars - 1)));
  }
}
