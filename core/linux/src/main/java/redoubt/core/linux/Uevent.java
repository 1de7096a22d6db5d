package redoubt.core.linux;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the kernel says when a device or a module comes, goes or changes. Immutable.
///
/// @param action such as `add`, `remove`, `change`, `bind`
/// @param path its directory below `/sys`
/// @param values all that it says by name, such as `SUBSYSTEM`
public record Uevent(String action, String path, Map<String, String> values) {
  public Uevent {
    values = Map.copyOf(values);
  }

  /// One of the values; empty if there is none of that name.
  public String value(String name) {
    return values.getOrDefault(name, "");
  }

  /// Reads a message: `action@path`, then `NAME=value`, each ended by a zero byte. What is neither
  /// is left out.
  static Uevent parse(byte[] message) {
    String[] texts = new String(message, StandardCharsets.UTF_8).split("\0", -1);
    int at = texts[0].indexOf('@');
    Map<String, String> values = valuesOf(List.of(texts).subList(1, texts.length));
    return at < 0
        ? new Uevent("", "", values)
        : new Uevent(texts[0].substring(0, at), texts[0].substring(at + 1), values);
  }

  /// The values in texts of the form `NAME=value`; others are left out.
  public static Map<String, String> valuesOf(List<String> texts) {
    Map<String, String> values = new HashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals > 0) {
        values.put(text.substring(0, equals), text.substring(equals + 1));
      }
    }
    return values;
  }
}
