package redoubt.core.search;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/// Texts, each filed under the group of neighbouring bytes in it that the fewest others share.
///
/// A value is passed over once: its groups are looked up in a small table of bits, the few that are
/// there in a hash table, and what is filed under those is compared.
///
/// Immutable, thread-safe.
final class GramTable {
  private static final int SPREAD = 0x9E3779B1;
  private static final int NONE = -1;

  /// Bits for each entry of the hash table: so few groups of a value that are not there are looked
  /// for in vain, and a table of some thousand texts stays within the processor's nearest cache.
  private static final int BITS_SHIFT = 4;

  private static final int LEAST_BITS = 1 << 9;

  private final int width;
  private final int mask;
  private final IndexedText[] texts;
  private final int[] gramAt;
  private final int[] next;
  private final long[] bits;
  private final int bitsShift;
  private final int[] grams;
  private final int[] first;
  private final int firstShift;

  /// The most steps that looking up one group takes: entries that are passed, texts that are
  /// compared.
  private int mostSteps;

  /// @param all none shorter than `width`
  /// @param width how many bytes a group has, 1 to 4
  GramTable(List<IndexedText> all, int width) {
    this.width = width;
    mask = width == Integer.BYTES ? -1 : (1 << (width * Byte.SIZE)) - 1;
    texts = all.toArray(IndexedText[]::new);
    gramAt = new int[texts.length];
    next = new int[texts.length];
    int size = Integer.highestOneBit(Math.max(4, texts.length)) << 2;
    grams = new int[size];
    first = new int[size];
    Arrays.fill(first, NONE);
    firstShift = Integer.numberOfLeadingZeros(size) + 1;
    int bitCount = Math.max(LEAST_BITS, size << BITS_SHIFT);
    bits = new long[bitCount >>> 6];
    bitsShift = Integer.numberOfLeadingZeros(bitCount) + 1;
    Map<Integer, Integer> shares = shares();
    for (int i = 0; i < texts.length; i++) {
      file(i, shares);
    }
  }

  private Map<Integer, Integer> shares() {
    Map<Integer, Integer> shares = new HashMap<>();
    for (IndexedText text : texts) {
      for (int i = 0; i + width <= text.bytes.length; i++) {
        shares.merge(gram(text.bytes, i), 1, Integer::sum);
      }
    }
    return shares;
  }

  private void file(int index, Map<Integer, Integer> shares) {
    byte[] bytes = texts[index].bytes;
    int fewest = Integer.MAX_VALUE;
    for (int i = 0; i + width <= bytes.length; i++) {
      int share = shares.getOrDefault(gram(bytes, i), 0);
      if (share < fewest) {
        fewest = share;
        gramAt[index] = i;
      }
    }
    int gram = gram(bytes, gramAt[index]);
    int hash = gram * SPREAD;
    int bit = hash >>> bitsShift;
    bits[bit >>> 6] |= 1L << bit;
    int at = hash >>> firstShift;
    int steps = 1;
    while (first[at] != NONE && grams[at] != gram) {
      at = (at + 1) & (grams.length - 1);
      steps++;
    }
    for (int other = first[at]; other != NONE; other = next[other]) {
      steps++;
    }
    mostSteps = Math.max(mostSteps, steps);
    grams[at] = gram;
    next[index] = first[at];
    first[at] = index;
  }

  int mostSteps() {
    return mostSteps;
  }

  private int gram(byte[] bytes, int at) {
    int gram = 0;
    for (int i = at; i < at + width; i++) {
      gram = (gram << Byte.SIZE) | (bytes[i] & 0xFF);
    }
    return gram;
  }

  /// Reports the patterns of all texts that are found where they must stand; some of them more than
  /// once.
  void scan(byte[] value, int from, int to, IntConsumer found) {
    if (to - from < width) {
      return;
    }
    int gram = gram(value, from) >>> Byte.SIZE;
    for (int last = from + width - 1; last < to; last++) {
      gram = ((gram << Byte.SIZE) | (value[last] & 0xFF)) & mask;
      int hash = gram * SPREAD;
      int bit = hash >>> bitsShift;
      if ((bits[bit >>> 6] & (1L << bit)) != 0) {
        lookUp(gram, hash, value, last - width + 1, from, to, found);
      }
    }
  }

  private void lookUp(
      int gram, int hash, byte[] value, int at, int from, int to, IntConsumer found) {
    int entry = hash >>> firstShift;
    while (first[entry] != NONE) {
      if (grams[entry] == gram) {
        for (int i = first[entry]; i != NONE; i = next[i]) {
          texts[i].compare(value, at - gramAt[i], from, to, found);
        }
        return;
      }
      entry = (entry + 1) & (grams.length - 1);
    }
  }
}
