package redoubt.engine.sigma.replay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventFormatException;
import redoubt.engine.sigma.event.XmlEvents;

/// A recording of Windows events as XML: elements `Event` one after the other, in an element around
/// them all or in none.
///
/// Where an event ends is found without the parser, which gets one event at a time: what is wrong
/// with one costs that one alone, and no document type that a file may have ever reaches it. An
/// event ends with its end tag, or where the next begins; what looks like either within a comment,
/// a CDATA section or an instruction is neither.
final class XmlRecords implements RecordSource {
  /// The longest element that is read.
  static final int LENGTH_LIMIT = 16 << 20;

  private static final int MAGIC_LENGTH = 256;
  private static final int DECLARATION_LENGTH = 256;
  private static final int NAME_LENGTH = 64;
  private static final byte[] EVENT = ascii("Event");
  private static final byte[] EVENTS = ascii("Events");
  private static final byte[] DOCTYPE = ascii("<!DOCTYPE");
  private static final byte[] INSTRUCTION = ascii("<?");

  /// What may hold anything, and how it ends.
  private static final byte[][][] OPAQUE = {
    {ascii("<!--"), ascii("-->")}, {ascii("<![CDATA["), ascii("]]>")}, {INSTRUCTION, ascii("?>")}
  };

  private static final Pattern ENCODING =
      Pattern.compile("<\\?xml\\s[^>]*?\\bencoding\\s*=\\s*[\"']([^\"'>]*)");
  private static final Set<String> ENCODINGS =
      Set.of("utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii");

  private final Input input;
  private final XmlEvents reader;

  /// Whether the first tag was seen: an event's, or that of the element around them all.
  private boolean begun;

  private boolean cutOff;
  private boolean ended;

  /// @param input UTF-8
  XmlRecords(Input input, XmlEvents reader) {
    this.input = input;
    this.reader = reader;
  }

  /// How many bytes [#isXml] looks at.
  static int magicLength() {
    return MAGIC_LENGTH;
  }

  /// Whether a recording that begins so is XML.
  static boolean isXml(byte[] first) {
    int at = Input.markLength(first);
    while (at < first.length && isSpace(first[at])) {
      at++;
    }
    return at < first.length && first[at] == '<';
  }

  @Override
  public boolean next(Event event) throws IOException, EventFormatException {
    if (ended || !skipToEvent()) {
      return false;
    }
    begun = true;
    int length = recordLength();
    int from = input.begin();
    input.take(from + length);
    if (length > LENGTH_LIMIT) {
      cutOff = true;
      throw new EventFormatException("longer than is read: limit=" + LENGTH_LIMIT + " bytes");
    }
    reader.read(input.bytes(), from, from + length, event);
    return true;
  }

  // ---- between the records

  /// Takes what is between records: white space, comments, instructions, and the tags of the
  /// element around the events.
  ///
  /// @return whether an event begins at what is next
  /// @throws EventFormatException if there was something else
  private boolean skipToEvent() throws IOException, EventFormatException {
    // The rest of a record that was too long was told of already.
    boolean strange = false;
    boolean told = cutOff;
    cutOff = false;
    while (true) {
      skipSpace();
      boolean end = input.peek(0) < 0;
      if (end || (input.peek(0) == '<' && isNamed(1, EVENT))) {
        if (strange && !told) {
          throw new EventFormatException("something else where an event should be");
        }
        return !end;
      }
      requireReadable();
      int length = opaqueLength(0);
      length = length > 0 ? length : frameLength();
      if (length > 0 && length <= LENGTH_LIMIT) {
        input.take(input.begin() + length);
      } else if (length > 0) {
        // It does not end. What was looked at for its end is not looked at again.
        strange = true;
        input.take(input.end());
      } else {
        strange = true;
        input.take(input.begin() + 1);
        input.skipTo((byte) '<');
      }
    }
  }

  private void skipSpace() throws IOException {
    while (true) {
      int next = input.peek(0);
      if (next >= 0 && isSpace((byte) next)) {
        input.take(input.begin() + 1);
      } else if (!input.skipMark()) {
        return;
      }
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }

  /// @throws EventFormatException if what is next says that the file is not one to be read
  private void requireReadable() throws IOException, EventFormatException {
    if (input.startsWith(0, DOCTYPE)) {
      ended = true;
      throw new EventFormatException("a document type (DOCTYPE): the file is not read any further");
    }
    if (!input.startsWith(0, INSTRUCTION)) {
      return;
    }
    input.peek(DECLARATION_LENGTH);
    int length = Math.min(DECLARATION_LENGTH, input.available());
    Matcher encoding =
        ENCODING.matcher(
            new String(input.bytes(), input.begin(), length, StandardCharsets.ISO_8859_1));
    if (encoding.lookingAt() && !ENCODINGS.contains(encoding.group(1).toLowerCase(Locale.ROOT))) {
      ended = true;
      throw new EventFormatException("an encoding that is not read: encoding=" + encoding.group(1));
    }
  }

  /// The length of a tag of the element around the events; 0 if there is none.
  private int frameLength() throws IOException {
    if (input.peek(0) != '<' || input.peek(1) == '!') {
      return 0;
    }
    boolean known =
        input.peek(1) == '/' ? begun && !isNamed(2, EVENT) : !begun || isNamed(1, EVENTS);
    int length = known ? tagLength() : 0;
    if (length == 0 || input.peek(length - 1) != '>') {
      return 0;
    }
    begun = true;
    return length;
  }

  // ---- one record

  /// How long the record is that begins at what is next; more than the limit if it is too long.
  private int recordLength() throws IOException {
    int ahead = tagLength();
    if (input.peek(ahead - 1) == '>' && input.peek(ahead - 2) == '/') {
      return ahead;
    }
    while (true) {
      ahead = input.find((byte) '<', ahead, LENGTH_LIMIT);
      if (ahead == Input.NOT_THERE) {
        return input.available();
      }
      int opaque = opaqueLength(ahead);
      if (opaque > 0) {
        ahead += opaque;
      } else if (input.peek(ahead + 1) == '/' && isNamed(ahead + 2, EVENT)) {
        int end = input.find((byte) '>', ahead, LENGTH_LIMIT);
        return end == Input.NOT_THERE ? input.available() : end + 1;
      } else if (isNamed(ahead + 1, EVENT)) {
        return ahead;
      } else {
        ahead++;
      }
    }
  }

  /// The length of the tag at what is next, which ends with `>` or where another begins.
  private int tagLength() throws IOException {
    int quote = 0;
    for (int ahead = 1; ahead <= LENGTH_LIMIT; ahead++) {
      int next = input.peek(ahead);
      if (next < 0 || next == '<') {
        return ahead;
      } else if (quote == 0 && next == '>') {
        return ahead + 1;
      } else if (next == quote) {
        quote = 0;
      } else if (quote == 0 && (next == '"' || next == '\'')) {
        quote = next;
      }
    }
    return input.available();
  }

  /// The length of a comment, CDATA section or instruction that begins so far ahead: 0 if there is
  /// none, more than the limit if it does not end.
  private int opaqueLength(int ahead) throws IOException {
    for (byte[][] kind : OPAQUE) {
      if (input.startsWith(ahead, kind[0])) {
        return lengthUpTo(kind[1], ahead, ahead + kind[0].length);
      }
    }
    return 0;
  }

  /// @param inside where the end may begin at the earliest
  private int lengthUpTo(byte[] end, int ahead, int inside) throws IOException {
    int last = inside;
    while (true) {
      last = input.find(end[end.length - 1], last, LENGTH_LIMIT);
      if (last == Input.NOT_THERE) {
        return LENGTH_LIMIT + 1;
      }
      last++;
      int first = last - end.length;
      if (first >= inside && input.startsWith(first, end)) {
        return last - ahead;
      }
    }
  }

  /// Whether there is a name so far ahead that is, without its prefix, the word.
  private boolean isNamed(int ahead, byte[] word) throws IOException {
    int name = ahead;
    int end = ahead;
    while (end - ahead < NAME_LENGTH && isInName(input.peek(end))) {
      name = input.peek(end) == ':' ? end + 1 : name;
      end++;
    }
    return end - name == word.length && input.startsWith(name, word);
  }

  private static boolean isInName(int next) {
    return next > ' ' && next != '>' && next != '/' && next != '<';
  }

  private static byte[] ascii(String word) {
    return word.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
