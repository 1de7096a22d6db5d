package redoubt.core.search;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Makes texts that differ in capitals only the same, in UTF-8. Each code point becomes the small
/// letter of its capital, as [String#equalsIgnoreCase] compares.
public final class Folding {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
  private static final long ABOVE_Z = (0x7F - 'Z') * ONES;
  private static final long FROM_A = (0x80 - 'A') * ONES;

  private Folding() {}

  /// The folded text in UTF-8.
  public static byte[] fold(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] folded = new byte[2 * bytes.length];
    return Arrays.copyOf(folded, fold(bytes, 0, bytes.length, folded, 0));
  }

  /// Folds well-formed UTF-8.
  ///
  /// @param target with room for twice the length from `at` on
  /// @return where the folded text ends in `target`
  public static int fold(byte[] source, int from, int to, byte[] target, int at) {
    int copied = copySmall(source, from, to, target, at);
    int end = at + copied;
    for (int i = from + copied; i < to; i++) {
      byte b = source[i];
      if (b < 0) {
        return foldBeyondAscii(source, i, to, target, end);
      }
      target[end++] = b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }
    return end;
  }

  /// Copies ASCII, eight bytes at a time, and makes its letters small.
  ///
  /// @return how many bytes were copied: up to the first eight with one that is not ASCII
  private static int copySmall(byte[] source, int from, int to, byte[] target, int at) {
    int i = from;
    int end = at;
    for (; i <= to - Long.BYTES; i += Long.BYTES, end += Long.BYTES) {
      long word = (long) LONG.get(source, i);
      if ((word & HIGH_BITS) != 0) {
        return i - from;
      }
      // The high bit of each byte that is a capital, moved to where small letters differ.
      long capitals = ((word + FROM_A) ^ (word + ABOVE_Z)) & HIGH_BITS;
      LONG.set(target, end, word | (capitals >>> 2));
    }
    return i - from;
  }

  private static int foldBeyondAscii(byte[] source, int from, int to, byte[] target, int at) {
    String text = new String(source, from, to - from, StandardCharsets.UTF_8);
    int end = at;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      end = encode(Character.toLowerCase(Character.toUpperCase(point)), target, end);
      i += Character.charCount(point);
    }
    return end;
  }

  private static int encode(int point, byte[] target, int at) {
    int end = at;
    if (point < 0x80) {
      target[end++] = (byte) point;
    } else if (point < 0x800) {
      target[end++] = (byte) (0xC0 | (point >> 6));
      target[end++] = (byte) (0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
      target[end++] = (byte) (0xE0 | (point >> 12));
      target[end++] = (byte) (0x80 | (point >> 6 & 0x3F));
      target[end++] = (byte) (0x80 | (point & 0x3F));
    } else {
      target[end++] = (byte) (0xF0 | (point >> 18));
      target[end++] = (byte) (0x80 | (point >> 12 & 0x3F));
      target[end++] = (byte) (0x80 | (point >> 6 & 0x3F));
      target[end++] = (byte) (0x80 | (point & 0x3F));
    }
    return end;
  }
}
