package redoubt.core.search;

import java.util.Arrays;
import java.util.Map;
import java.util.function.IntConsumer;
import redoubt.core.model.Place;

/// A text that is sought, and the patterns that want it, by where in a value it must stand.
/// Immutable, thread-safe.
final class IndexedText {
  private static final int[] NO_PATTERNS = {};

  final byte[] bytes;
  private final int[] anywhere;
  private final int[] atStart;
  private final int[] atEnd;
  private final int[] whole;

  /// @param bytes folded
  IndexedText(byte[] bytes, Map<Place, IntList> patterns) {
    this.bytes = bytes;
    this.anywhere = list(patterns, Place.ANYWHERE);
    this.atStart = list(patterns, Place.START);
    this.atEnd = list(patterns, Place.END);
    this.whole = list(patterns, Place.WHOLE);
  }

  private static int[] list(Map<Place, IntList> patterns, Place place) {
    IntList list = patterns.get(place);
    return list == null ? NO_PATTERNS : list.toArray();
  }

  /// Whether a pattern wants it as the whole value.
  boolean isSoughtAsWhole() {
    return whole.length > 0;
  }

  /// Whether a pattern wants it wherever it stands.
  boolean isSoughtAnywhere() {
    return anywhere.length > 0;
  }

  /// Whether a pattern wants it at the start or at the end.
  boolean isSoughtAtAnEnd() {
    return atStart.length + atEnd.length > 0;
  }

  /// Reports the patterns that want the value as it is, from `from` to `to`.
  void compareWhole(byte[] value, int from, int to, IntConsumer found) {
    if (Arrays.equals(bytes, 0, bytes.length, value, from, to)) {
      report(whole, found);
    }
  }

  /// Reports the patterns that want the text where it is, if it begins at `begin` in the value that
  /// reaches from `from` to `to`.
  void compare(byte[] value, int begin, int from, int to, IntConsumer found) {
    int end = begin + bytes.length;
    if (begin < from || end > to || !Arrays.equals(bytes, 0, bytes.length, value, begin, end)) {
      return;
    }
    report(anywhere, found);
    if (begin == from) {
      report(atStart, found);
    }
    if (end == to) {
      report(atEnd, found);
    }
  }

  private static void report(int[] patterns, IntConsumer found) {
    for (int pattern : patterns) {
      found.accept(pattern);
    }
  }
}
