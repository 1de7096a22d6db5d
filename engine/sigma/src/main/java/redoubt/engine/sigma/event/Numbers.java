package redoubt.engine.sigma.event;

/// Reads numbers in events.
public final class Numbers {
  private static final int LENGTH_LIMIT = 40;

  private Numbers() {}

  /// The number that a text is, decimal or `0x`; NaN if it is none.
  public static double parse(String text) {
    String word = text.strip();
    if (word.isEmpty() || word.length() > LENGTH_LIMIT) {
      return Double.NaN;
    }
    try {
      if (word.startsWith("0x") || word.startsWith("0X")) {
        long bits = Long.parseUnsignedLong(word.substring(2), 16);
        return bits >= 0 ? bits : 2.0 * (bits >>> 1) + (bits & 1);
      }
      // Java would read "NaN", "Infinity" and "1d" too.
      char last = word.charAt(word.length() - 1);
      return last >= '0' && last <= '9' ? Double.parseDouble(word) : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
