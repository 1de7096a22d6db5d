package redoubt.core.linux;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the records of one tracepoint look like, as the kernel's `format` file says. Immutable.
///
/// @param type the number that such records begin with
/// @param fields where each field stands
public record TraceFormat(int type, Map<String, Field> fields) {
  private static final Pattern ID = Pattern.compile("ID: (\\d{1,9})");
  private static final Pattern FIELD =
      Pattern.compile(
          "\\s*field:[^;]*?(\\w+)(?:\\[[^\\]]*\\])?;\\s*offset:(\\d{1,5});\\s*size:(\\d{1,5});.*");

  /// Where a field stands in a record.
  ///
  /// @param offset bytes from the record's start
  /// @param bytes how many it takes
  public record Field(int offset, int bytes) {}

  public TraceFormat {
    fields = Map.copyOf(fields);
  }

  /// Reads a `format` file.
  ///
  /// @throws IllegalArgumentException if it names no number
  static TraceFormat parse(String text) {
    int type = -1;
    Map<String, Field> fields = new HashMap<>();
    for (String line : text.lines().toList()) {
      Matcher id = ID.matcher(line);
      Matcher field = FIELD.matcher(line);
      if (id.matches()) {
        type = Integer.parseInt(id.group(1));
      } else if (field.matches()) {
        fields.put(
            field.group(1),
            new Field(Integer.parseInt(field.group(2)), Integer.parseInt(field.group(3))));
      }
    }
    if (type < 0) {
      throw new IllegalArgumentException("no format of a tracepoint: characters=" + text.length());
    }
    return new TraceFormat(type, fields);
  }

  /// A field that there must be.
  ///
  /// @throws IllegalArgumentException if this kernel's records have none of that name and size
  public Field requireField(String name, int bytes) {
    Field field = fields.get(name);
    if (field == null || field.bytes() != bytes) {
      throw new IllegalArgumentException(
          "tracepoint without a field: name=" + name + " bytes=" + bytes);
    }
    return field;
  }
}
