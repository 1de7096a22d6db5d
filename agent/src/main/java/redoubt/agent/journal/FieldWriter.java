package redoubt.agent.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/// Writes named JSON members; makes any Java string valid JSON text.
///
/// A lone surrogate, which UTF-8 cannot carry, becomes U+FFFD. In its short form texts are cut to
/// [#SHORT_TEXT_CHARS] and lists to [#SHORT_LIST_ITEMS]; both are so small that no event can exceed
/// [JournalLimits#MAX_LINE_BYTES] even when each character takes six bytes. Not thread-safe.
final class FieldWriter {
  /// The longest text of the short form.
  static final int SHORT_TEXT_CHARS = 256;

  /// The longest list of the short form.
  static final int SHORT_LIST_ITEMS = 4;

  private static final char REPLACEMENT = '\uFFFD';

  private final JsonGenerator json;
  private final boolean shortForm;

  FieldWriter(JsonGenerator json, boolean shortForm) {
    this.json = json;
    this.shortForm = shortForm;
  }

  /// Whether texts and lists are being cut.
  boolean shortForm() {
    return shortForm;
  }

  /// How many of `items` list items are to be written.
  int listed(int items) {
    return shortForm ? Math.min(items, SHORT_LIST_ITEMS) : items;
  }

  void object(String name) throws IOException {
    json.writeObjectFieldStart(name);
  }

  void item() throws IOException {
    json.writeStartObject();
  }

  void end() throws IOException {
    json.writeEndObject();
  }

  void list(String name) throws IOException {
    json.writeArrayFieldStart(name);
  }

  void endList() throws IOException {
    json.writeEndArray();
  }

  void text(String name, String value) throws IOException {
    json.writeStringField(name, clean(value));
  }

  /// Writes the member unless the text is empty.
  void textUnlessEmpty(String name, String value) throws IOException {
    if (!value.isEmpty()) {
      text(name, value);
    }
  }

  void number(String name, long value) throws IOException {
    json.writeNumberField(name, value);
  }

  void flag(String name, boolean value) throws IOException {
    json.writeBooleanField(name, value);
  }

  void strings(String name, String[] values) throws IOException {
    json.writeFieldName(name);
    json.writeArray(values, 0, values.length);
  }

  private String clean(String value) {
    String text =
        shortForm && value.length() > SHORT_TEXT_CHARS
            ? value.substring(0, SHORT_TEXT_CHARS)
            : value;
    int broken = findLoneSurrogate(text, 0);
    return broken < 0 ? text : replaceLoneSurrogates(text, broken);
  }

  private static String replaceLoneSurrogates(String text, int first) {
    char[] chars = text.toCharArray();
    for (int i = first; i >= 0; i = findLoneSurrogate(text, i + 1)) {
      chars[i] = REPLACEMENT;
    }
    return new String(chars);
  }

  /// The index of the first lone surrogate at or after `from`, -1 if there is none.
  private static int findLoneSurrogate(String text, int from) {
    int length = text.length();
    for (int i = from; i < length; i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < length
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }
}
