package redoubt.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.Collection;

/// Lengths of text on the wire: paths count in UTF-8 bytes, everything else in Unicode characters
/// (code points).
public final class WireText {
  private static final String CUT_MARK = "…";

  /// The most UTF-8 bytes of one UTF-16 unit.
  private static final int UNIT_BYTES = 3;

  private WireText() {}

  /// Returns `text` if it has at most `maxChars` characters, otherwise as much of its start as
  /// leaves room for a closing `…`.
  ///
  /// @param maxChars at least 1
  public static String cut(String text, int maxChars) {
    if (fits(text, maxChars)) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, maxChars - 1)) + CUT_MARK;
  }

  /// Returns `path` if it has at most [WireLimits#PATH_BYTES] bytes in UTF-8, otherwise as much of
  /// its start as leaves room for a closing `…`.
  public static String cutPath(String path) {
    if (pathFits(path)) {
      return path;
    }
    int room = WireLimits.PATH_BYTES - CUT_MARK.getBytes(StandardCharsets.UTF_8).length;
    int end = 0;
    while (true) {
      int next = path.codePointAt(end);
      room -= utf8Length(next);
      if (room < 0) {
        return path.substring(0, end) + CUT_MARK;
      }
      end += Character.charCount(next);
    }
  }

  static boolean fits(String text, int maxChars) {
    return text.length() <= maxChars || text.codePointCount(0, text.length()) <= maxChars;
  }

  static boolean pathFits(String path) {
    return path.length() <= WireLimits.PATH_BYTES / UNIT_BYTES
        || path.getBytes(StandardCharsets.UTF_8).length <= WireLimits.PATH_BYTES;
  }

  /// How many bytes the texts have together in UTF-8.
  static int utf8Length(Collection<String> texts) {
    int length = 0;
    for (String text : texts) {
      length = Math.addExact(length, utf8Length(text));
    }
    return length;
  }

  /// How many bytes the text has in UTF-8, or more if it is no valid text.
  public static int utf8Length(String text) {
    int length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit >= 0x800 && !Character.isSurrogate(unit)) {
        length += 2;
      } else if (unit >= 0x80) {
        // Each half of a pair stands for two of its four bytes.
        length++;
      }
    }
    return length;
  }

  private static int utf8Length(int codePoint) {
    if (codePoint < 0x80) {
      return 1;
    }
    if (codePoint < 0x800) {
      return 2;
    }
    return codePoint < 0x10000 ? 3 : 4;
  }
}
