package redoubt.core.model;

import java.util.Optional;
import java.util.regex.Pattern;

/// The name of an engine on one host, as the owner registered it.
///
/// @param value 1 to 64 characters of `a-z`, `0-9`, `-` and `.`, starting with a letter; behind
///   that `.engine` where the engine's own releases go under it
public record EngineId(String value) implements Comparable<EngineId> {
  /// Ends the id under which releases of an engine go.
  private static final String RELEASES = ".engine";

  /// How much of what is no id is shown; others may have written it.
  private static final int MOST_SHOWN = 100;

  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9.-]{0,63}(?:\\.engine)?");

  /// @throws IllegalArgumentException if the form is not kept
  public EngineId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "engine id must be 1 to 64 of a-z 0-9 - . and start with a letter: id="
              + value.substring(0, Math.min(value.length(), MOST_SHOWN)));
    }
  }

  /// The id under which releases of this engine go: bundles with the engine itself in them.
  public EngineId releases() {
    return new EngineId(value + RELEASES);
  }

  /// The engine whose releases go under this id; empty if none can.
  public Optional<EngineId> released() {
    return value.endsWith(RELEASES)
        ? Optional.of(new EngineId(value.substring(0, value.length() - RELEASES.length())))
        : Optional.empty();
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
