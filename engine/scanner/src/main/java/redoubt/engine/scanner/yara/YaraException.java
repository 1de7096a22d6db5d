package redoubt.engine.scanner.yara;

import java.util.Map;

/// The library did not do what it was asked for.
public final class YaraException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final Map<Integer, String> NAMES =
      Map.of(
          1, "out of memory",
          25, "the evaluation of a rule needs too much room",
          26, "not done in time",
          30, "a string matches too often",
          46, "a regular expression needs too much room");

  YaraException(String message) {
    super(message);
  }

  /// @param error one of the numbers of `yara/error.h`
  static YaraException of(String what, int error) {
    return new YaraException(what + ": " + NAMES.getOrDefault(error, "error=" + error));
  }
}
