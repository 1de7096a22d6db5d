package redoubt.engine.sigma.vectors;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.engine.sigma.event.AuditTypes;

/// Makes records of the kernel's audit system. Stateless.
final class AuditRecords {
  private static final int FIRST_TYPE = 1_000;
  private static final int LAST_TYPE = 3_000;
  private static final int USUAL_TYPE = 1_300;
  private static final Map<String, Integer> TYPES = types();

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_\\[\\]-]+");
  private static final Pattern PLAIN = Pattern.compile("[G-Zg-z/._-][A-Za-z0-9/._-]*|[0-9]");

  private AuditRecords() {}

  private static Map<String, Integer> types() {
    Map<String, Integer> types = new HashMap<>();
    for (int type = FIRST_TYPE; type < LAST_TYPE; type++) {
      types.put(AuditTypes.name(type).toLowerCase(Locale.ROOT), type);
    }
    return Map.copyOf(types);
  }

  /// @throws IllegalArgumentException if no record can have such values
  static HostEvent make(Draft draft, long timeNanos, int serial) {
    String typeName = draft.text("type", "").toLowerCase(Locale.ROOT);
    Integer type = typeName.isEmpty() ? Integer.valueOf(USUAL_TYPE) : TYPES.get(typeName);
    if (type == null) {
      throw new IllegalArgumentException("no such type: type=" + typeName);
    }
    StringBuilder text = new StringBuilder(64);
    text.append("audit(")
        .append(timeNanos / 1_000_000_000)
        .append('.')
        .append(String.format(Locale.ROOT, "%03d", timeNanos / 1_000_000 % 1_000))
        .append(':')
        .append(serial)
        .append("):");
    draft
        .values()
        .forEach((field, values) -> {
          if (!field.equals("type")) {
            values.forEach(value -> append(text, field, value));
          }
        });
    return new HostEvent.AuditRecord(timeNanos, ProcessInfo.UNKNOWN, type, text.toString());
  }

  private static void append(StringBuilder text, String field, String value) {
    if (!NAME.matcher(field).matches()) {
      throw new IllegalArgumentException("no name of a field: field=" + field);
    }
    text.append(' ').append(field).append('=');
    if (PLAIN.matcher(value).matches()) {
      text.append(value);
    } else if (value.indexOf('"') < 0) {
      text.append('"').append(value).append('"');
    } else {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      text.append(HexFormat.of().withUpperCase().formatHex(bytes));
    }
  }

  /// The names of types, for whoever looks for one.
  static List<String> typeNames() {
    return List.of("SYSCALL", "EXECVE", "PATH", "USER_CMD", "SERVICE_STOP");
  }
}
