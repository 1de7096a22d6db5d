package redoubt.cli;

import java.util.Locale;

/// One thing that the doctor looked at.
///
/// @param level how it is
/// @param subject what was looked at, one or two words
/// @param finding what was found
/// @param meaning what that means for this host, empty where it goes without saying
record Check(Level level, String subject, String finding, String meaning) {
  /// How it is.
  enum Level {
    /// As it should be.
    OK,
    /// Protection works, with the limit that the check names.
    WARN,
    /// Protection cannot work.
    FAIL;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Check ok(String subject, String finding) {
    return new Check(Level.OK, subject, finding, "");
  }

  static Check warn(String subject, String finding, String meaning) {
    return new Check(Level.WARN, subject, finding, meaning);
  }

  static Check fail(String subject, String finding, String meaning) {
    return new Check(Level.FAIL, subject, finding, meaning);
  }

  /// OK if `good`, otherwise a warning with `otherwise` and `meaning`.
  static Check expect(
      boolean good, String subject, String finding, String otherwise, String meaning) {
    return good ? ok(subject, finding) : warn(subject, otherwise, meaning);
  }
}
