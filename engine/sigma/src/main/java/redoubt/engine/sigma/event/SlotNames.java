package redoubt.engine.sigma.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The slots of a [FieldTable] by name in UTF-8, so that a reader needs no string to find one.
final class SlotNames {
  private static final int HASH_FACTOR = 31;

  private final byte[] @Nullable [] names;
  private final int[] slots;
  private final int mask;

  SlotNames(Map<String, Integer> fields) {
    int size = Integer.highestOneBit(Math.max(8, 4 * fields.size())) << 1;
    names = new byte[size] @Nullable [];
    slots = new int[size];
    mask = size - 1;
    fields.forEach((name, slot) -> {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      int at = spread(hash(bytes, 0, bytes.length));
      while (names[at] != null) {
        at = (at + 1) & mask;
      }
      names[at] = bytes;
      slots[at] = slot;
    });
  }

  /// The slot of a name, or [FieldTable#UNKNOWN].
  int find(byte[] source, int from, int to) {
    int at = spread(hash(source, from, to));
    for (byte[] name = names[at]; name != null; name = names[at]) {
      if (Arrays.equals(name, 0, name.length, source, from, to)) {
        return slots[at];
      }
      at = (at + 1) & mask;
    }
    return FieldTable.UNKNOWN;
  }

  private static int hash(byte[] source, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = HASH_FACTOR * hash + source[i];
    }
    return hash;
  }

  private int spread(int hash) {
    return (hash ^ hash >>> 15) & mask;
  }
}
