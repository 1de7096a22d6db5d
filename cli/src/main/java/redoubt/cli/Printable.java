package redoubt.cli;

/// Makes texts that engines, files or users chose harmless for a terminal. Pure.
final class Printable {
  private Printable() {}

  /// Replaces whatever could move the cursor, colour, reorder or hide text by its number: control
  /// and format characters, line separators, lone surrogates, private use.
  static String of(String text) {
    if (text.codePoints().allMatch(Printable::isHarmless)) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    text.codePoints()
        .forEach(point -> {
          if (isHarmless(point)) {
            plain.appendCodePoint(point);
          } else {
            plain.append("\\u{").append(Integer.toHexString(point)).append('}');
          }
        });
    return plain.toString();
  }

  private static boolean isHarmless(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /// Quotes a word for a POSIX shell, if it needs it, so that an owner can copy a proposed command.
  static String shellWord(String word) {
    return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
