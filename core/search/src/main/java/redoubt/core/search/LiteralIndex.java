package redoubt.core.search;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Place;

/// Many texts that are sought in a value at once, capitals aside.
///
/// Each text is filed under a group of bytes in it ([GramTable]): four, or two or one for shorter
/// texts. Building takes time in proportion to the texts, not to what an automaton for them would
/// be. Short texts that must stand at the start or at the end are compared there.
///
/// Immutable, thread-safe.
public final class LiteralIndex {
  private static final int GRAM = 4;
  private static final int SPREAD = 0x9E3779B1;

  /// Collects texts for an index.
  public static final class Builder {
    private final Map<Key, Map<Place, IntList>> texts = new LinkedHashMap<>();

    private record Key(ByteBuffer bytes) {}

    /// Without texts yet.
    public Builder() {}

    /// Adds a text.
    ///
    /// @param text as it stands in the values that are searched, such as folded ones
    /// @param pattern what is reported when the text is found there
    public void add(byte[] text, Place place, int pattern) {
      texts
          .computeIfAbsent(new Key(ByteBuffer.wrap(text)), _ -> new HashMap<>())
          .computeIfAbsent(place, _ -> new IntList())
          .add(pattern);
    }

    /// An index of what was added.
    public LiteralIndex build() {
      List<IndexedText> all =
          texts.entrySet().stream()
              .map(entry -> new IndexedText(entry.getKey().bytes().array(), entry.getValue()))
              .toList();
      return new LiteralIndex(all);
    }
  }

  private final GramTable[] tables;
  private final IndexedText[] shortAtAnEnd;

  // Texts that must be the whole value, in an open hash table.
  private final @Nullable IndexedText[] wholes;
  private final int wholesShift;
  private final boolean hasWholes;
  private int mostSteps;

  private LiteralIndex(List<IndexedText> all) {
    Map<Integer, List<IndexedText>> byWidth = new TreeMap<>();
    List<IndexedText> atAnEnd = new ArrayList<>();
    List<IndexedText> whole = new ArrayList<>();
    for (IndexedText text : all) {
      int length = text.bytes.length;
      if (text.isSoughtAsWhole()) {
        whole.add(text);
      }
      if (text.isSoughtAnywhere() || (text.isSoughtAtAnEnd() && length >= GRAM)) {
        int width = Math.min(Integer.highestOneBit(length), GRAM);
        byWidth.computeIfAbsent(width, _ -> new ArrayList<>()).add(text);
      } else if (text.isSoughtAtAnEnd()) {
        atAnEnd.add(text);
      }
    }
    tables =
        byWidth.entrySet().stream()
            .map(entry -> new GramTable(entry.getValue(), entry.getKey()))
            .toArray(GramTable[]::new);
    shortAtAnEnd = atAnEnd.toArray(IndexedText[]::new);
    hasWholes = !whole.isEmpty();
    wholes = new @Nullable IndexedText[Integer.highestOneBit(Math.max(4, whole.size())) << 2];
    wholesShift = Integer.numberOfLeadingZeros(wholes.length) + 1;
    for (GramTable table : tables) {
      mostSteps = Math.max(mostSteps, table.mostSteps());
    }
    for (IndexedText text : whole) {
      int at = hash(text.bytes, 0, text.bytes.length) >>> wholesShift;
      int steps = 1;
      while (wholes[at] != null) {
        at = (at + 1) & (wholes.length - 1);
        steps++;
      }
      wholes[at] = text;
      mostSteps = Math.max(mostSteps, steps);
    }
  }

  /// The most steps that are taken at one place of a value: a few, unless somebody chose texts so
  /// that many are filed under the same group of bytes.
  public int mostSteps() {
    return mostSteps + shortAtAnEnd.length;
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
  public void scan(byte[] value, int from, int to, IntConsumer found) {
    if (hasWholes) {
      scanWhole(value, from, to, found);
    }
    for (GramTable table : tables) {
      table.scan(value, from, to, found);
    }
    for (IndexedText text : shortAtAnEnd) {
      text.compare(value, from, from, to, found);
      if (to - from != text.bytes.length) {
        text.compare(value, to - text.bytes.length, from, to, found);
      }
    }
  }

  private void scanWhole(byte[] value, int from, int to, IntConsumer found) {
    int at = hash(value, from, to) >>> wholesShift;
    for (IndexedText text = wholes[at]; text != null; text = wholes[at]) {
      text.compareWhole(value, from, to, found);
      at = (at + 1) & (wholes.length - 1);
    }
  }
}
