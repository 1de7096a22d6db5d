package redoubt.core.model;

import java.util.regex.Pattern;

/// The name of an engine on one host, as the owner registered it.
///
/// @param value 1 to 64 characters of `a-z`, `0-9`, `-` and `.`, starting with a letter
public record EngineId(String value) implements Comparable<EngineId> {
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9.-]{0,63}");

  /// @throws IllegalArgumentException if the form is not kept
  public EngineId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "engine id must be 1 to 64 of a-z 0-9 - . and start with a letter: id=" + value);
    }
  }

  @Override
  public int compareTo(EngineId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
