package redoubt.engine.sigma.vectors;

/// Words that stand in no rule. Stateless.
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
}
