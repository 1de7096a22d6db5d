package redoubt.engine.sigma.event;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;

/// Reads records of the Linux audit log, one line each, as auditd writes them.
///
/// Each `name=value` is a field, also those within a quoted `msg='…'`. Values that the kernel
/// writes in hexadecimal, because somebody else chose them, are decoded. What auditd adds in words
/// behind the group separator (`SYSCALL=execve`) are fields too. The time of the record is the
/// field `timestamp`. Not thread-safe.
///
/// Source: auditd.conf(5) `log_format`, the field dictionary of the audit project.
public final class AuditEvents {
  /// What the events are.
  public static final EventClass CLASS =
      new EventClass(Set.of("linux"), Set.of(), Set.of("auditd"));

  private static final char GROUP_SEPARATOR = '\u001D';

  /// Fields that the kernel encodes when there is a space, quote or control character in them.
  private static final Set<String> ENCODED =
      Set.of(
          "acct",
          "cmd",
          "comm",
          "cwd",
          "data",
          "dir",
          "exe",
          "file",
          "grp",
          "name",
          "new",
          "old",
          "path",
          "proctitle",
          "vm",
          "watch");

  private final FieldTable fields;
  private final boolean keepUnknown;
  private String line = "";
  private int position;
  private boolean isExecve;

  /// @param fields the fields that are asked for
  /// @param keepUnknown whether the others matter too
  public AuditEvents(FieldTable fields, boolean keepUnknown) {
    this.fields = fields;
    this.keepUnknown = keepUnknown;
  }

  /// Whether a log begins like one of the audit daemon's.
  public static boolean isLog(byte[] first) {
    String begin = new String(first, StandardCharsets.ISO_8859_1);
    return begin.startsWith("type=") || begin.startsWith("node=");
  }

  /// Reads a line.
  ///
  /// @param event empty
  /// @throws EventFormatException if it is no record
  public void read(byte[] bytes, int from, int to, Event event) throws EventFormatException {
    line = new String(bytes, from, to - from, StandardCharsets.UTF_8).strip();
    position = 0;
    // Arguments of other records are numbers.
    isExecve = line.contains("type=EXECVE ");
    int stamp = line.indexOf("msg=audit(");
    int end = stamp < 0 ? -1 : line.indexOf(')', stamp);
    if (end < 0 || !(line.startsWith("type=") || line.startsWith("node="))) {
      throw new EventFormatException("not a record of the audit log");
    }
    pairs(event, stamp, false);
    String time = line.substring(stamp + "msg=audit(".length(), end);
    int colon = time.indexOf(':');
    add(event, "timestamp", colon < 0 ? time : time.substring(0, colon));
    position = end + 1;
    pairs(event, line.length(), false);
  }

  /// Reads pairs up to an offset.
  ///
  /// @param quoted whether they stand within single quotes
  private void pairs(Event event, int end, boolean quoted) {
    while (position < end) {
      char c = line.charAt(position);
      if (quoted && c == '\'') {
        return;
      }
      if (c == ' ' || c == ':' || c == ',' || c == GROUP_SEPARATOR) {
        position++;
        continue;
      }
      int nameEnd = position;
      while (nameEnd < end && isName(line.charAt(nameEnd))) {
        nameEnd++;
      }
      if (nameEnd == position || nameEnd >= end || line.charAt(nameEnd) != '=') {
        // A word without a value.
        position = Math.max(nameEnd, position + 1);
        continue;
      }
      String name = line.substring(position, nameEnd);
      position = nameEnd + 1;
      if (position < end && line.charAt(position) == '\'' && !quoted) {
        position++;
        pairs(event, end, true);
        position++;
      } else {
        value(event, name, end, quoted);
      }
    }
  }

  private static boolean isName(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '[' || c == ']';
  }

  private void value(Event event, String name, int end, boolean quoted) {
    if (position < end && line.charAt(position) == '"') {
      int close = line.indexOf('"', position + 1);
      int valueEnd = close < 0 || close > end ? end : close;
      add(event, name, line.substring(position + 1, valueEnd));
      position = valueEnd + 1;
      return;
    }
    int valueEnd = position;
    while (valueEnd < end && !endsValue(line.charAt(valueEnd), quoted)) {
      valueEnd++;
    }
    String value = line.substring(position, valueEnd);
    add(event, name, isEncoded(name, value) ? decoded(value) : value);
    position = valueEnd;
  }

  private static boolean endsValue(char c, boolean quoted) {
    return c == ' ' || c == GROUP_SEPARATOR || (quoted && c == '\'');
  }

  private boolean isEncoded(String name, String value) {
    boolean argument =
        isExecve && name.length() > 1 && name.charAt(0) == 'a' && isDigit(name.charAt(1));
    return (ENCODED.contains(name) || argument)
        && value.length() >= 2
        && value.length() % 2 == 0
        && value.chars().allMatch(c -> isDigit((char) c) || (c >= 'A' && c <= 'F'));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /// Zeros separate the words of a command line.
  private static String decoded(String value) {
    byte[] bytes = HexFormat.of().parseHex(value);
    return new String(bytes, StandardCharsets.UTF_8).replace('\0', ' ');
  }

  private void add(Event event, String name, String value) {
    int slot = fields.find(name);
    if (slot != FieldTable.UNKNOWN || keepUnknown) {
      event.add(slot, Event.Kind.TEXT, value);
    }
  }
}
