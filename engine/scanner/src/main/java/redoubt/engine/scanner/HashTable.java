package redoubt.engine.scanner;

import java.util.Arrays;

/// The entries of one algorithm, 8 bytes each: the first 36 bits of the digest and the offset of
/// its line in the payload, sorted. What is found here is a candidate, to be compared with its
/// line.
final class HashTable {
  /// The bits of an offset: enough for [HashListReader#MAX_BYTES].
  static final int OFFSET_BITS = 28;

  private static final long OFFSET_MASK = (1L << OFFSET_BITS) - 1;

  /// Collects entries, then makes the table of them. Not safe for use by several threads.
  static final class Builder {
    private final long[] entries;
    private int count;

    /// @param capacity the most entries that can come
    Builder(int capacity) {
      entries = new long[capacity];
    }

    /// @param prefix the first 36 bits of the digest
    /// @param offset where its line starts
    void add(long prefix, long offset) {
      entries[count++] = prefix << OFFSET_BITS | offset;
    }

    int count() {
      return count;
    }

    /// Makes the table; the builder is used up.
    HashTable build() {
      long[] exact = count < entries.length - entries.length / 4 ? copy() : entries;
      Arrays.sort(exact, 0, count);
      return new HashTable(exact, count);
    }

    private long[] copy() {
      return Arrays.copyOf(entries, count);
    }
  }

  private final long[] entries;
  private final int count;

  private HashTable(long[] entries, int count) {
    this.entries = entries;
    this.count = count;
  }

  /// The index of the first entry with this prefix, or of where it would be.
  int first(long prefix) {
    int found = Arrays.binarySearch(entries, 0, count, prefix << OFFSET_BITS);
    return found < 0 ? -found - 1 : found;
  }

  /// Whether there is an entry with this prefix at an index.
  boolean matches(int index, long prefix) {
    return index < count && entries[index] >>> OFFSET_BITS == prefix;
  }

  /// Where the line of an entry starts.
  long offset(int index) {
    return entries[index] & OFFSET_MASK;
  }
}
