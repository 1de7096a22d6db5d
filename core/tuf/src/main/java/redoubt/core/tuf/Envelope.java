package redoubt.core.tuf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import redoubt.core.model.Octets;

/// A metadata file taken apart without being read as JSON, so that whoever runs with privileges
/// verifies signatures before anything in the file is parsed.
///
/// That is possible where the file is in its canonical form (OLPC), as our own signing side and
/// other writers of compact files with sorted names leave it: `{"signatures":[…],"signed":…}`, each
/// signature as `{"keyid":"…","sig":"…"}`, no white space, and in texts control characters escaped
/// in any of JSON's ways. A line break at the end is read past. Every other form is refused.
///
/// @param json the JSON of what is signed, as it stands in the file
/// @param signedBytes its canonical bytes, over which signatures are made
/// @param signatures by key id
record Envelope(Octets json, Octets signedBytes, Map<String, Octets> signatures) {
  private static final String BEGIN = "{\"signatures\":[";
  private static final String KEY_ID = "{\"keyid\":\"";
  private static final String SIGNATURE = "\",\"sig\":\"";
  private static final String END_OF_SIGNATURE = "\"}";
  private static final String SIGNED = "],\"signed\":";
  private static final String END = "}";

  /// Longer than any key id or any signature of an RSA key of 8,192 bits, in hexadecimal.
  private static final int MOST_CHARS = 4096;

  private static final int UNICODE_DIGITS = 4;

  /// Copies.
  Envelope {
    signatures = Map.copyOf(signatures);
  }

  /// Takes a file apart.
  ///
  /// @throws TufException if it has another form, or two signatures of one key id
  static Envelope split(byte[] file) throws TufException {
    int end = file.length;
    if (end > 0 && file[end - 1] == '\n') {
      end--;
    }
    Cursor at = new Cursor(file, end);
    at.skip(BEGIN);
    Map<String, Octets> signatures = new LinkedHashMap<>();
    while (!at.isAt(SIGNED)) {
      if (!signatures.isEmpty()) {
        at.skip(",");
      }
      at.skip(KEY_ID);
      String keyId = at.word();
      at.skip(SIGNATURE);
      Octets signature = Metadata.bytes(at.word());
      at.skip(END_OF_SIGNATURE);
      if (signatures.put(keyId, signature) != null) {
        throw TufException.malformed("two signatures of one key: keyid=" + keyId);
      }
      Metadata.requireFew(signatures);
    }
    at.skip(SIGNED);
    if (end - at.position < 2 || file[end - 1] != '}') {
      throw notCanonical(at.position);
    }
    byte[] json = Arrays.copyOfRange(file, at.position, end - END.length());
    return new Envelope(Octets.of(json), Octets.of(canonical(json)), signatures);
  }

  /// Undoes the escapes of control characters, which are all that the two forms differ in.
  private static byte[] canonical(byte[] json) throws TufException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(json.length);
    for (int i = 0; i < json.length; i++) {
      if (json[i] != '\\') {
        out.write(json[i]);
        continue;
      }
      int escape = i + 1 < json.length ? json[++i] : 0;
      switch (escape) {
        case '"', '\\' -> {
          out.write('\\');
          out.write(escape);
        }
        case 'b' -> out.write('\b');
        case 'f' -> out.write('\f');
        case 'n' -> out.write('\n');
        case 'r' -> out.write('\r');
        case 't' -> out.write('\t');
        case 'u' -> {
          out.write(control(json, i + 1));
          i += UNICODE_DIGITS;
        }
        default -> throw notCanonical(i);
      }
    }
    return out.toByteArray();
  }

  private static int control(byte[] json, int from) throws TufException {
    if (from + UNICODE_DIGITS > json.length) {
      throw notCanonical(from);
    }
    int value = 0;
    for (int i = from; i < from + UNICODE_DIGITS; i++) {
      int digit = Character.digit(json[i], 16);
      if (digit < 0) {
        throw notCanonical(i);
      }
      value = 16 * value + digit;
    }
    if (value >= ' ') {
      throw notCanonical(from);
    }
    return value;
  }

  private static TufException notCanonical(int at) {
    return TufException.malformed("not in canonical form: byte=" + at);
  }

  /// Goes through the bytes before what is signed.
  private static final class Cursor {
    private final byte[] file;
    private final int end;
    private int position;

    Cursor(byte[] file, int end) {
      this.file = file;
      this.end = end;
    }

    boolean isAt(String text) {
      int after = position + text.length();
      return after <= end
          && Arrays.equals(
              file, position, after, text.getBytes(StandardCharsets.US_ASCII), 0, text.length());
    }

    void skip(String text) throws TufException {
      if (!isAt(text)) {
        throw notCanonical(position);
      }
      position += text.length();
    }

    /// What stands before the next quote: printable ASCII without escapes.
    String word() throws TufException {
      int from = position;
      while (position < end && isPlain(file[position]) && position - from < MOST_CHARS) {
        position++;
      }
      return new String(file, from, position - from, StandardCharsets.US_ASCII);
    }

    private static boolean isPlain(byte unit) {
      return unit >= ' ' && unit <= '~' && unit != '"' && unit != '\\';
    }
  }
}
