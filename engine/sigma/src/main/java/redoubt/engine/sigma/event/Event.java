package redoubt.engine.sigma.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import redoubt.core.search.Folding;

/// One event: the values of its fields, as UTF-8 in one buffer. Used again for the next event after
/// [#clear], so that reading events allocates next to nothing. A field may have several values.
///
/// Not thread-safe.
public final class Event {
  /// What kind of value an event's source said it is.
  public enum Kind {
    TEXT,
    NUMBER,
    BOOLEAN,
    NULL
  }

  /// No value.
  public static final int NONE = -1;

  /// How many values one event may have, half of them in fields that nobody asks for; what comes
  /// after them is left out and counted.
  public static final int VALUES_LIMIT = 20_000;

  /// How many bytes all values of an event may have together; what comes after them is left out and
  /// counted.
  public static final int TEXT_LIMIT = 32 << 20;

  private static final int USUAL_LENGTH = 8_192;
  private static final int KEPT_LENGTH = 1 << 20;

  private static final int UNFOLDED = -1;

  private final int[] firstOfSlot;
  private final int[] lastOfSlot;
  private byte[] text = new byte[USUAL_LENGTH];
  private byte[] folded = new byte[USUAL_LENGTH];
  private int textEnd;
  private int foldedEnd;
  private int count;
  private int left;
  private int[] slots = new int[64];
  private int[] nexts = new int[64];
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int[] foldedStarts = new int[64];
  private int[] foldedEnds = new int[64];
  private Kind[] kinds = new Kind[64];
  private @Nullable String[] strings = new @Nullable String[64];

  /// An event without values.
  ///
  /// @param fields complete: a slot that it gets later is not known to this event
  public Event(FieldTable fields) {
    firstOfSlot = new int[fields.size()];
    lastOfSlot = new int[fields.size()];
    Arrays.fill(firstOfSlot, NONE);
  }

  /// Takes all values away.
  public void clear() {
    for (int value = 0; value < count; value++) {
      if (slots[value] != FieldTable.UNKNOWN) {
        firstOfSlot[slots[value]] = NONE;
      }
      strings[value] = null;
    }
    count = 0;
    textEnd = 0;
    foldedEnd = 0;
    left = 0;
    // One large event must not hold memory for ever.
    if (text.length > KEPT_LENGTH || folded.length > KEPT_LENGTH) {
      text = new byte[USUAL_LENGTH];
      folded = new byte[USUAL_LENGTH];
    }
  }

  // ---- what it is made of

  /// Begins a value, which [#append] continues.
  ///
  /// @return whether there was room for it
  public boolean begin(int slot, Kind kind) {
    int limit = slot == FieldTable.UNKNOWN ? VALUES_LIMIT / 2 : VALUES_LIMIT;
    if (count >= limit) {
      left++;
      return false;
    }
    if (count == slots.length) {
      grow();
    }
    slots[count] = slot;
    kinds[count] = kind;
    nexts[count] = NONE;
    starts[count] = textEnd;
    ends[count] = textEnd;
    foldedStarts[count] = UNFOLDED;
    if (slot != FieldTable.UNKNOWN) {
      if (firstOfSlot[slot] == NONE) {
        firstOfSlot[slot] = count;
      } else {
        nexts[lastOfSlot[slot]] = count;
      }
      lastOfSlot[slot] = count;
    }
    count++;
    return true;
  }

  /// Adds a byte of UTF-8 to the value that was begun last.
  public void append(byte b) {
    if (textEnd == text.length && !grow(1)) {
      return;
    }
    text[textEnd++] = b;
    ends[count - 1] = textEnd;
  }

  /// Adds UTF-8 to the value that was begun last.
  public void append(byte[] source, int from, int to) {
    int length = to - from;
    if (length > text.length - textEnd && !grow(length)) {
      return;
    }
    System.arraycopy(source, from, text, textEnd, length);
    textEnd += length;
    ends[count - 1] = textEnd;
  }

  /// Adds a whole value.
  public void add(int slot, Kind kind, String value) {
    if (begin(slot, kind)) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      append(bytes, 0, bytes.length);
    }
  }

  /// Adds a value that is the same as one that the event has.
  public void addCopy(int slot, int value) {
    if (begin(slot, kinds[value])) {
      int copy = count - 1;
      starts[copy] = starts[value];
      ends[copy] = ends[value];
    }
  }

  /// Makes room for more text, if there may be.
  private boolean grow(int length) {
    if (length > TEXT_LIMIT - textEnd) {
      left++;
      return false;
    }
    text = Arrays.copyOf(text, Math.max(2 * text.length, textEnd + length));
    return true;
  }

  private void grow() {
    int size = 2 * count;
    slots = Arrays.copyOf(slots, size);
    nexts = Arrays.copyOf(nexts, size);
    starts = Arrays.copyOf(starts, size);
    ends = Arrays.copyOf(ends, size);
    foldedStarts = Arrays.copyOf(foldedStarts, size);
    foldedEnds = Arrays.copyOf(foldedEnds, size);
    kinds = Arrays.copyOf(kinds, size);
    strings = Arrays.copyOf(strings, size);
  }

  // ---- its values

  /// How many values there are, of all fields.
  public int count() {
    return count;
  }

  /// How many values found no room.
  public int left() {
    return left;
  }

  /// The first value of a field, or [#NONE].
  public int first(int slot) {
    return firstOfSlot[slot];
  }

  /// The next value of the same field, or [#NONE].
  public int next(int value) {
    return nexts[value];
  }

  /// What kind of value it is.
  public Kind kind(int value) {
    return kinds[value];
  }

  /// Where [#start] and [#end] point into; valid until the next value is begun.
  public byte[] text() {
    return text;
  }

  /// Where the value begins in [#text].
  public int start(int value) {
    return starts[value];
  }

  /// Where the value ends in [#text].
  public int end(int value) {
    return ends[value];
  }

  /// Where the value begins in [#folded].
  public int foldedStart(int value) {
    if (foldedStarts[value] == UNFOLDED) {
      fold(value);
    }
    return foldedStarts[value];
  }

  /// Where the value ends in [#folded]; after [#foldedStart].
  public int foldedEnd(int value) {
    return foldedEnds[value];
  }

  /// The values without regard to capitals; valid until the next call of [#foldedStart].
  public byte[] folded() {
    return folded;
  }

  private void fold(int value) {
    int room = 2 * (ends[value] - starts[value]);
    if (foldedEnd + room > folded.length) {
      folded = Arrays.copyOf(folded, Math.max(2 * folded.length, foldedEnd + room));
    }
    foldedStarts[value] = foldedEnd;
    foldedEnd = Folding.fold(text, starts[value], ends[value], folded, foldedEnd);
    foldedEnds[value] = foldedEnd;
  }

  /// The value as a string.
  public String string(int value) {
    String string = strings[value];
    if (string == null) {
      string = new String(text, starts[value], ends[value] - starts[value], StandardCharsets.UTF_8);
      strings[value] = string;
    }
    return string;
  }

  /// The first value of a field as a string, or null.
  public @Nullable String find(int slot) {
    return slot == FieldTable.UNKNOWN || firstOfSlot[slot] == NONE
        ? null
        : string(firstOfSlot[slot]);
  }
}
