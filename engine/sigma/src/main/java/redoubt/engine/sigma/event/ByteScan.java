package redoubt.engine.sigma.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Looks at eight bytes at a time.
///
/// Source: H. Warren, "Hacker's Delight", 6-1 (the first zero byte of a word).
final class ByteScan {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
  private static final long QUOTES = '"' * ONES;
  private static final long BACKSLASHES = '\\' * ONES;
  private static final long SPACES = ' ' * ONES;

  private ByteScan() {}

  /// Where the first byte is that does not simply belong to a text of JSON: a quotation mark, a
  /// backslash or a control character; `to` if there is none.
  static int endOfPlainText(byte[] bytes, int from, int to) {
    return end(bytes, from, to, 0);
  }

  /// Where the first byte is that is not ASCII or does not simply belong to a text of JSON; `to` if
  /// there is none.
  static int endOfPlainAscii(byte[] bytes, int from, int to) {
    return end(bytes, from, to, HIGH_BITS);
  }

  /// @param beyond the high bits, if bytes that are not ASCII end the text
  private static int end(byte[] bytes, int from, int to, long beyond) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long word = (long) LONG.get(bytes, at);
      long special =
          zeros(word ^ QUOTES)
              | zeros(word ^ BACKSLASHES)
              | ((word - SPACES) & ~word & HIGH_BITS)
              | (word & beyond);
      if (special != 0) {
        return at + (Long.numberOfTrailingZeros(special) >>> 3);
      }
    }
    while (at < to && !isSpecial(bytes[at]) && (bytes[at] & beyond) == 0) {
      at++;
    }
    return at;
  }

  /// The high bit of each byte that is zero, and perhaps of bytes above the first one.
  private static long zeros(long word) {
    return (word - ONES) & ~word & HIGH_BITS;
  }

  private static boolean isSpecial(byte b) {
    return b == '"' || b == '\\' || (b >= 0 && b < ' ');
  }
}
