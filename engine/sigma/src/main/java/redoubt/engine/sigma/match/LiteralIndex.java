package redoubt.engine.sigma.match;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import redoubt.engine.sigma.rule.ValueTest.Place;

/// Many texts that are sought in a value at once, capitals aside.
///
/// Each text is filed under the group of four bytes in it that the fewest others share. A value is
/// passed over once: its groups are looked up in a small table of bits, the few that are there in a
/// hash table, and what is filed under those is compared. Building takes time in proportion to the
/// texts, not to what an automaton for them would be. Texts of less than four bytes are filed under
/// their first byte.
///
/// Immutable, thread-safe.
final class LiteralIndex {
  /// Collects texts for an index.
  static final class Builder {
    private final Map<Key, Map<Place, IntList>> texts = new LinkedHashMap<>();

    private record Key(ByteBuffer bytes) {}

    /// @param text folded
    /// @param pattern what is reported when the text is found there
    void add(byte[] text, Place place, int pattern) {
      texts
          .computeIfAbsent(new Key(ByteBuffer.wrap(text)), _ -> new HashMap<>())
          .computeIfAbsent(place, _ -> new IntList())
          .add(pattern);
    }

    boolean isEmpty() {
      return texts.isEmpty();
    }

    LiteralIndex build() {
      List<Text> all =
          texts.entrySet().stream()
              .map(entry -> new Text(entry.getKey().bytes().array(), entry.getValue()))
              .toList();
      return new LiteralIndex(all);
    }
  }

  private static final class Text {
    final byte[] bytes;
    final int[] anywhere;
    final int[] atStart;
    final int[] atEnd;
    final int[] whole;
    int gramAt;
    int next = NONE;

    Text(byte[] bytes, Map<Place, IntList> patterns) {
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

    boolean isSoughtWithin() {
      return anywhere.length + atStart.length + atEnd.length > 0;
    }
  }

  private static final int GRAM = 4;
  private static final int NONE = -1;
  private static final int[] NO_PATTERNS = {};
  private static final int SPREAD = 0x9E3779B1;
  private static final int BYTES = 256;

  private final Text[] texts;
  // Grams: a table of bits, then an open hash table of the first text of each.
  private final long[] bits;
  private final int bitsShift;
  private final int[] grams;
  private final int[] firstOfGram;
  private final int gramsShift;
  private final boolean hasGrams;
  private final int[] firstOfByte;
  private final boolean hasShort;
  // Texts that must be the whole value.
  private final int[] wholes;
  private final int wholesShift;
  private final boolean hasWholes;

  private LiteralIndex(List<Text> all) {
    texts = all.toArray(Text[]::new);
    int within = (int) all.stream().filter(Text::isSoughtWithin).count();
    int size = Integer.highestOneBit(Math.max(4, within)) << 2;
    grams = new int[size];
    firstOfGram = new int[size];
    Arrays.fill(firstOfGram, NONE);
    gramsShift = Integer.numberOfLeadingZeros(size) + 1;
    int bitCount = Math.max(1 << 9, size << 2);
    bits = new long[bitCount >>> 6];
    bitsShift = Integer.numberOfLeadingZeros(bitCount) + 1;
    firstOfByte = new int[BYTES];
    Arrays.fill(firstOfByte, NONE);
    Map<Integer, Integer> shares = gramShares(all);
    boolean anyGram = false;
    boolean anyShort = false;
    for (int i = 0; i < texts.length; i++) {
      if (!texts[i].isSoughtWithin()) {
        continue;
      }
      if (texts[i].bytes.length >= GRAM) {
        file(i, shares);
        anyGram = true;
      } else if (texts[i].bytes.length > 0) {
        int first = texts[i].bytes[0] & 0xFF;
        texts[i].next = firstOfByte[first];
        firstOfByte[first] = i;
        anyShort = true;
      }
    }
    hasGrams = anyGram;
    hasShort = anyShort;
    int wholeCount = (int) all.stream().filter(text -> text.whole.length > 0).count();
    hasWholes = wholeCount > 0;
    wholes = new int[Integer.highestOneBit(Math.max(4, wholeCount)) << 2];
    Arrays.fill(wholes, NONE);
    wholesShift = Integer.numberOfLeadingZeros(wholes.length) + 1;
    for (int i = 0; i < texts.length; i++) {
      if (texts[i].whole.length > 0) {
        byte[] bytes = texts[i].bytes;
        int at = hash(bytes, 0, bytes.length) >>> wholesShift;
        while (wholes[at] != NONE) {
          at = (at + 1) & (wholes.length - 1);
        }
        wholes[at] = i;
      }
    }
  }

  private static Map<Integer, Integer> gramShares(List<Text> all) {
    Map<Integer, Integer> shares = new HashMap<>();
    for (Text text : all) {
      if (text.isSoughtWithin()) {
        for (int i = 0; i + GRAM <= text.bytes.length; i++) {
          shares.merge(gram(text.bytes, i), 1, Integer::sum);
        }
      }
    }
    return shares;
  }

  private void file(int index, Map<Integer, Integer> shares) {
    Text text = texts[index];
    int fewest = Integer.MAX_VALUE;
    for (int i = 0; i + GRAM <= text.bytes.length; i++) {
      int share = shares.getOrDefault(gram(text.bytes, i), 0);
      if (share < fewest) {
        fewest = share;
        text.gramAt = i;
      }
    }
    int gram = gram(text.bytes, text.gramAt);
    int hash = gram * SPREAD;
    int bit = hash >>> bitsShift;
    bits[bit >>> 6] |= 1L << bit;
    int at = hash >>> gramsShift;
    while (firstOfGram[at] != NONE && grams[at] != gram) {
      at = (at + 1) & (grams.length - 1);
    }
    grams[at] = gram;
    text.next = firstOfGram[at];
    firstOfGram[at] = index;
  }

  private static int gram(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 24
        | (bytes[at + 1] & 0xFF) << 16
        | (bytes[at + 2] & 0xFF) << 8
        | (bytes[at + 3] & 0xFF);
  }

  private static int hash(byte[] bytes, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash * SPREAD;
  }

  /// Reports the patterns of all texts that are found where they must stand; some of them more than
  /// once.
  ///
  /// @param value folded, from `from` to `to`
  void scan(byte[] value, int from, int to, IntConsumer found) {
    if (hasWholes) {
      scanWhole(value, from, to, found);
    }
    if (hasGrams && to - from >= GRAM) {
      scanGrams(value, from, to, found);
    }
    if (hasShort) {
      scanShort(value, from, to, found);
    }
  }

  private void scanWhole(byte[] value, int from, int to, IntConsumer found) {
    int at = hash(value, from, to) >>> wholesShift;
    while (wholes[at] != NONE) {
      Text text = texts[wholes[at]];
      if (Arrays.equals(text.bytes, 0, text.bytes.length, value, from, to)) {
        report(text.whole, found);
      }
      at = (at + 1) & (wholes.length - 1);
    }
  }

  private void scanGrams(byte[] value, int from, int to, IntConsumer found) {
    int gram = gram(value, from) >>> 8;
    for (int last = from + GRAM - 1; last < to; last++) {
      gram = (gram << 8) | (value[last] & 0xFF);
      int hash = gram * SPREAD;
      int bit = hash >>> bitsShift;
      if ((bits[bit >>> 6] & (1L << bit)) != 0) {
        lookUp(gram, hash, value, last - GRAM + 1, from, to, found);
      }
    }
  }

  private void lookUp(
      int gram, int hash, byte[] value, int gramAt, int from, int to, IntConsumer found) {
    int at = hash >>> gramsShift;
    while (firstOfGram[at] != NONE) {
      if (grams[at] == gram) {
        for (int i = firstOfGram[at]; i != NONE; i = texts[i].next) {
          compare(texts[i], value, gramAt - texts[i].gramAt, from, to, found);
        }
        return;
      }
      at = (at + 1) & (grams.length - 1);
    }
  }

  private void scanShort(byte[] value, int from, int to, IntConsumer found) {
    for (int i = from; i < to; i++) {
      for (int text = firstOfByte[value[i] & 0xFF]; text != NONE; text = texts[text].next) {
        compare(texts[text], value, i, from, to, found);
      }
    }
  }

  private static void compare(
      Text text, byte[] value, int begin, int from, int to, IntConsumer found) {
    int end = begin + text.bytes.length;
    if (begin < from
        || end > to
        || !Arrays.equals(text.bytes, 0, text.bytes.length, value, begin, end)) {
      return;
    }
    report(text.anywhere, found);
    if (begin == from) {
      report(text.atStart, found);
    }
    if (end == to) {
      report(text.atEnd, found);
    }
  }

  private static void report(int[] patterns, IntConsumer found) {
    for (int pattern : patterns) {
      found.accept(pattern);
    }
  }
}
