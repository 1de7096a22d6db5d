package redoubt.engine.sigma.match;

import java.util.Arrays;
import redoubt.core.model.Place;

/// Compares two texts in one buffer.
final class Ranges {
  private Ranges() {}

  /// Whether the second text stands at the place in the first one.
  static boolean stands(byte[] bytes, int from, int to, int withFrom, int withTo, Place place) {
    int length = withTo - withFrom;
    int last = to - length;
    return switch (place) {
      case WHOLE -> Arrays.equals(bytes, from, to, bytes, withFrom, withTo);
      case START -> last >= from && same(bytes, from, withFrom, length);
      case END -> last >= from && same(bytes, last, withFrom, length);
      case ANYWHERE -> isWithin(bytes, from, to, withFrom, withTo);
    };
  }

  /// Knuth, Morris and Pratt: neither text is looked at twice.
  private static boolean isWithin(byte[] bytes, int from, int to, int withFrom, int withTo) {
    int length = withTo - withFrom;
    if (length == 0) {
      return true;
    }
    if (length > to - from) {
      return false;
    }
    int[] borders = new int[length];
    int border = 0;
    for (int i = 1; i < length; i++) {
      while (border > 0 && bytes[withFrom + i] != bytes[withFrom + border]) {
        border = borders[border - 1];
      }
      border += bytes[withFrom + i] == bytes[withFrom + border] ? 1 : 0;
      borders[i] = border;
    }
    int found = 0;
    for (int i = from; i < to; i++) {
      while (found > 0 && bytes[i] != bytes[withFrom + found]) {
        found = borders[found - 1];
      }
      found += bytes[i] == bytes[withFrom + found] ? 1 : 0;
      if (found == length) {
        return true;
      }
    }
    return false;
  }

  private static boolean same(byte[] bytes, int at, int with, int length) {
    return Arrays.equals(bytes, at, at + length, bytes, with, with + length);
  }
}
