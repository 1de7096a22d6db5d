package redoubt.engine.sigma.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads events from JSON objects (RFC 8259), one after the other.
///
/// A member of a nested object is a field with a dotted name, an element of an array one of several
/// values. What Windows event logs look like in JSON is understood too: the members of `Event`,
/// `System`, `EventData` and `UserData` are fields by their own names, attributes are joined to
/// their element's name by `_`. Spaces in names are dropped.
///
/// A library is not used because reading is most of the cost of matching: fields that no rule asks
/// for are stepped over, and texts are copied once, without becoming strings. What is wrong with
/// the escapes in a text that is stepped over is not noticed. Not thread-safe.
public final class JsonEvents {
  private static final int DEPTH_LIMIT = 64;

  /// The longest name that a rule can ask for, with those of the objects around it.
  private static final int NAME_LIMIT = 1_024;

  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");
  private static final byte[] NULL = ascii("null");
  private static final byte[] ATTRIBUTES = ascii("#attributes");
  private static final byte[] TEXT = ascii("#text");
  private static final byte[] EVENT = ascii("Event");
  private static final byte[] USER_DATA = ascii("UserData");
  private static final byte[][] TRANSPARENT = {ascii("System"), ascii("EventData"), USER_DATA};

  private final SlotNames names;
  private final boolean keepUnknown;
  private byte[] path = new byte[256];
  private int pathEnd;
  private byte[] source = new byte[0];
  private int position;
  private int end;
  private int depth;

  /// How the members of an object are named.
  private enum Naming {
    /// By their path.
    DOTTED,
    /// The object is the one member `Event` of the outermost.
    WINDOWS_EVENT,
    /// The object's own name counts for nothing, and neither does that of its members' object.
    WINDOWS_USER_DATA,
    /// The members are attributes of the element that the object stands for.
    ATTRIBUTES
  }

  /// @param keepUnknown whether fields that nobody asks for matter, because rules look for words in
  ///   all fields
  public JsonEvents(FieldTable fields, boolean keepUnknown) {
    this.names = new SlotNames(fields.slots());
    this.keepUnknown = keepUnknown;
  }

  /// Reads the object that begins at `from` or behind white space there.
  ///
  /// @param event empty; holds the fields of the object afterwards, some of them also if reading
  ///   fails
  /// @return where the object ends
  /// @throws EventFormatException if there is no JSON object
  public int read(byte[] bytes, int from, int to, Event event) throws EventFormatException {
    source = bytes;
    position = from;
    end = to;
    depth = 0;
    pathEnd = 0;
    skipSpace();
    if (position == end || source[position] != '{') {
      throw problem("an object");
    }
    object(event, Naming.DOTTED, true);
    return position;
  }

  private void object(Event event, Naming naming, boolean outermost) throws EventFormatException {
    if (++depth > DEPTH_LIMIT) {
      throw new EventFormatException("JSON is nested too deeply: limit=" + DEPTH_LIMIT);
    }
    position++;
    skipSpace();
    if (position < end && source[position] == '}') {
      position++;
      depth--;
      addEmpty(event, slot());
      return;
    }
    int outer = pathEnd;
    while (true) {
      member(event, naming, outermost);
      pathEnd = outer;
      skipSpace();
      if (position < end && source[position] == ',') {
        position++;
        skipSpace();
      } else if (position < end && source[position] == '}') {
        position++;
        depth--;
        return;
      } else {
        throw problem("',' or '}'");
      }
    }
  }

  private void member(Event event, Naming naming, boolean outermost) throws EventFormatException {
    if (position == end || source[position] != '"') {
      throw problem("a name");
    }
    int nameStart = pathEnd;
    if (pathEnd > 0) {
      pushPath(naming == Naming.ATTRIBUTES ? (byte) '_' : (byte) '.');
    }
    int wordStart = pathEnd;
    name();
    skipSpace();
    if (position == end || source[position] != ':') {
      throw problem("':'");
    }
    position++;
    skipSpace();
    Naming inner = Naming.DOTTED;
    boolean object = position < end && source[position] == '{';
    if (object && naming == Naming.WINDOWS_USER_DATA) {
      pathEnd = nameStart;
    } else if (object && outermost && isWord(wordStart, EVENT)) {
      pathEnd = nameStart;
      inner = Naming.WINDOWS_EVENT;
    } else if (object && naming == Naming.WINDOWS_EVENT && isTransparent(wordStart)) {
      inner = isWord(wordStart, USER_DATA) ? Naming.WINDOWS_USER_DATA : Naming.DOTTED;
      pathEnd = nameStart;
    } else if (isWord(wordStart, ATTRIBUTES)) {
      pathEnd = nameStart;
      inner = Naming.ATTRIBUTES;
    } else if (isWord(wordStart, TEXT)) {
      pathEnd = nameStart;
    }
    value(event, inner, object ? FieldTable.UNKNOWN : slot());
  }

  private boolean isTransparent(int wordStart) {
    for (byte[] word : TRANSPARENT) {
      if (isWord(wordStart, word)) {
        return true;
      }
    }
    return false;
  }

  private boolean isWord(int wordStart, byte[] word) {
    if (pathEnd - wordStart != word.length) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if (path[wordStart + i] != word[i]) {
        return false;
      }
    }
    return true;
  }

  /// @param slot of the field that the value belongs to, if it is no object
  private void value(Event event, Naming naming, int slot) throws EventFormatException {
    if (position == end) {
      throw problem("a value");
    }
    switch (source[position]) {
      case '{' -> object(event, naming, false);
      case '[' -> array(event, naming, slot);
      case '"' -> {
        if ((slot == FieldTable.UNKNOWN && !keepUnknown) || !event.begin(slot, Event.Kind.TEXT)) {
          skipText();
        } else {
          text(event);
        }
      }
      case 't' -> literal(event, slot, TRUE, Event.Kind.BOOLEAN);
      case 'f' -> literal(event, slot, FALSE, Event.Kind.BOOLEAN);
      case 'n' -> literal(event, slot, NULL, Event.Kind.NULL);
      default -> number(event, slot);
    }
  }

  private void array(Event event, Naming naming, int slot) throws EventFormatException {
    if (++depth > DEPTH_LIMIT) {
      throw new EventFormatException("JSON is nested too deeply: limit=" + DEPTH_LIMIT);
    }
    position++;
    skipSpace();
    if (position < end && source[position] == ']') {
      position++;
      depth--;
      addEmpty(event, slot);
      return;
    }
    int outer = pathEnd;
    while (true) {
      value(event, naming, slot);
      pathEnd = outer;
      skipSpace();
      if (position < end && source[position] == ',') {
        position++;
        skipSpace();
      } else if (position < end && source[position] == ']') {
        position++;
        depth--;
        return;
      } else {
        throw problem("',' or ']'");
      }
    }
  }

  /// The field is there, and has no value.
  private static void addEmpty(Event event, int slot) {
    if (slot != FieldTable.UNKNOWN) {
      event.begin(slot, Event.Kind.NULL);
    }
  }

  private void literal(Event event, int slot, byte[] word, Event.Kind kind)
      throws EventFormatException {
    for (byte b : word) {
      if (position == end || source[position] != b) {
        throw problem("a value");
      }
      position++;
    }
    if (wants(slot) && event.begin(slot, kind) && kind != Event.Kind.NULL) {
      event.append(word, 0, word.length);
    }
  }

  private void number(Event event, int slot) throws EventFormatException {
    int from = position;
    if (position < end && source[position] == '-') {
      position++;
    }
    int digits = position;
    skipDigits();
    if (position == digits || (source[digits] == '0' && position > digits + 1)) {
      throw problem("a value");
    }
    if (position < end && source[position] == '.') {
      position++;
      requireDigits();
    }
    if (position < end && (source[position] | 0x20) == 'e') {
      position++;
      if (position < end && (source[position] == '+' || source[position] == '-')) {
        position++;
      }
      requireDigits();
    }
    if (wants(slot) && event.begin(slot, Event.Kind.NUMBER)) {
      event.append(source, from, position);
    }
  }

  private void requireDigits() throws EventFormatException {
    int from = position;
    skipDigits();
    if (position == from) {
      throw problem("a digit");
    }
  }

  private void skipDigits() {
    while (position < end && source[position] >= '0' && source[position] <= '9') {
      position++;
    }
  }

  private int slot() {
    return pathEnd > NAME_LIMIT ? FieldTable.UNKNOWN : names.find(path, 0, pathEnd);
  }

  private boolean wants(int slot) {
    return keepUnknown || slot != FieldTable.UNKNOWN;
  }

  // ---- texts

  private void name() throws EventFormatException {
    int from = ++position;
    position = ByteScan.endOfPlainText(source, position, end);
    if (position < end && source[position] == '"') {
      pushPath(from, position++);
      return;
    }
    if (position < end && source[position] != '\\') {
      throw problem("a name without control characters");
    }
    // A name with escapes is rare enough to be read as a text of its own.
    position = from - 1;
    Event scratch = new Event(new FieldTable());
    scratch.begin(FieldTable.UNKNOWN, Event.Kind.TEXT);
    text(scratch);
    for (int i = scratch.start(0); i < scratch.end(0); i++) {
      if (scratch.text()[i] != ' ') {
        pushPath(scratch.text()[i]);
      }
    }
  }

  private void pushPath(int from, int to) {
    int length = to - from;
    if (length > path.length - pathEnd) {
      path = Arrays.copyOf(path, Math.max(2 * path.length, pathEnd + length));
    }
    for (int i = from; i < to; i++) {
      byte b = source[i];
      if (b != ' ') {
        path[pathEnd++] = b;
      }
    }
  }

  private void pushPath(byte b) {
    if (pathEnd == path.length) {
      path = Arrays.copyOf(path, 2 * path.length);
    }
    path[pathEnd++] = b;
  }

  private void skipText() throws EventFormatException {
    position++;
    while (true) {
      position = ByteScan.endOfPlainText(source, position, end);
      if (position >= end) {
        throw problem("'\"'");
      }
      byte b = source[position++];
      if (b == '"') {
        return;
      }
      if (b != '\\') {
        position--;
        throw problem("a text without control characters");
      }
      position++;
    }
  }

  private void text(Event event) throws EventFormatException {
    int from = ++position;
    while (true) {
      position = ByteScan.endOfPlainAscii(source, position, end);
      boolean ascii = position >= end || source[position] >= 0;
      if (!ascii) {
        position = ByteScan.endOfPlainText(source, position, end);
      }
      if (position >= end) {
        throw problem("'\"'");
      }
      byte b = source[position];
      if (b != '"' && b != '\\') {
        throw problem("a text without control characters");
      }
      append(event, from, position++, ascii);
      if (b == '"') {
        return;
      }
      escape(event);
      from = position;
    }
  }

  private void append(Event event, int from, int to, boolean ascii) {
    if (ascii) {
      event.append(source, from, to);
    } else {
      // Decoding replaces what is no UTF-8.
      byte[] mended =
          new String(source, from, to - from, StandardCharsets.UTF_8)
              .getBytes(StandardCharsets.UTF_8);
      event.append(mended, 0, mended.length);
    }
  }

  private void escape(Event event) throws EventFormatException {
    if (position == end) {
      throw problem("an escape");
    }
    byte b = source[position++];
    switch (b) {
      case '"', '\\', '/' -> event.append(b);
      case 'b' -> event.append((byte) '\b');
      case 'f' -> event.append((byte) '\f');
      case 'n' -> event.append((byte) '\n');
      case 'r' -> event.append((byte) '\r');
      case 't' -> event.append((byte) '\t');
      case 'u' -> {
        char unit = hex();
        String text = String.valueOf(unit);
        if (Character.isHighSurrogate(unit)
            && end - position >= 6
            && source[position] == '\\'
            && source[position + 1] == 'u') {
          int behind = position;
          position += 2;
          char low = hex();
          if (Character.isLowSurrogate(low)) {
            text = new String(new char[] {unit, low});
          } else {
            position = behind;
          }
        }
        if (text.length() == 1 && Character.isSurrogate(unit)) {
          text = "\uFFFD";
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        event.append(bytes, 0, bytes.length);
      }
      default -> {
        position--;
        throw problem("an escape");
      }
    }
  }

  private char hex() throws EventFormatException {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = position < end ? Character.digit(source[position], 16) : -1;
      if (digit < 0) {
        throw problem("four hexadecimal digits");
      }
      unit = unit << 4 | digit;
      position++;
    }
    return (char) unit;
  }

  private void skipSpace() {
    while (position < end) {
      byte b = source[position];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return;
      }
      position++;
    }
  }

  private EventFormatException problem(String expected) {
    return new EventFormatException(
        "not JSON: expected="
            + expected
            + " offset="
            + position
            + (position >= end ? " (at its end)" : ""));
  }

  private static byte[] ascii(String word) {
    return word.getBytes(StandardCharsets.US_ASCII);
  }
}
