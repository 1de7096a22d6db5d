package redoubt.core.tuf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;

/// Writes JSON in the canonical form over which TUF signs (OLPC's): members sorted by the code
/// points of their names, no white space, and in texts only `"` and `\` escaped. Control characters
/// stand as they are, so that a text with a line break (a key in PEM) makes it no JSON for others
/// to read: [#writeFile] escapes them too, and reads back as the same.
public final class CanonicalJson {
  private static final Comparator<Map.Entry<byte[], Json>> BY_CODE_POINTS =
      (left, right) -> Arrays.compareUnsigned(left.getKey(), right.getKey());

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final boolean escapeControls;

  private CanonicalJson(boolean escapeControls) {
    this.escapeControls = escapeControls;
  }

  /// Returns the canonical bytes, UTF-8: what signatures are made over.
  public static byte[] write(Json value) {
    return write(value, false);
  }

  /// Returns JSON for a file, of which the canonical form is that of the value.
  public static byte[] writeFile(Json value) {
    return write(value, true);
  }

  private static byte[] write(Json value, boolean escapeControls) {
    CanonicalJson writer = new CanonicalJson(escapeControls);
    writer.writeValue(value);
    return writer.out.toByteArray();
  }

  private void writeValue(Json value) {
    switch (value) {
      case Json.Text text -> writeText(utf8(text.value()));
      case Json.Whole whole -> out.writeBytes(utf8(Long.toString(whole.value())));
      case Json.Flag flag -> out.writeBytes(utf8(Boolean.toString(flag.value())));
      case Json.Nothing _ -> out.writeBytes(utf8("null"));
      case Json.Items items -> writeItems(items.values().iterator());
      case Json.Members members -> writeMembers(members);
    }
  }

  private void writeItems(Iterator<Json> items) {
    out.write('[');
    while (items.hasNext()) {
      writeValue(items.next());
      if (items.hasNext()) {
        out.write(',');
      }
    }
    out.write(']');
  }

  private void writeMembers(Json.Members members) {
    Iterator<Map.Entry<byte[], Json>> sorted =
        members.values().entrySet().stream()
            .map(member -> Map.entry(utf8(member.getKey()), member.getValue()))
            .sorted(BY_CODE_POINTS)
            .iterator();
    out.write('{');
    while (sorted.hasNext()) {
      Map.Entry<byte[], Json> member = sorted.next();
      writeText(member.getKey());
      out.write(':');
      writeValue(member.getValue());
      if (sorted.hasNext()) {
        out.write(',');
      }
    }
    out.write('}');
  }

  private void writeText(byte[] text) {
    out.write('"');
    for (byte unit : text) {
      if (escapeControls && unit >= 0 && unit < ' ') {
        out.writeBytes(utf8(String.format("\\u%04x", unit)));
        continue;
      }
      if (unit == '"' || unit == '\\') {
        out.write('\\');
      }
      out.write(unit);
    }
    out.write('"');
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
