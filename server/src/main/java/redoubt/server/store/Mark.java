package redoubt.server.store;

import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import redoubt.core.model.EngineId;

/// That what an engine says by one of its rules is no threat, as people see it. Immutable.
///
/// @param id from 1
/// @param terms what
/// @param madeBy who says so
public record Mark(int id, Terms terms, String madeBy, Instant made) {
  private static final int MOST_NOTE_CHARS = 256;
  private static final Pattern DIGEST = Pattern.compile("[0-9a-fA-F]{64}");

  /// What is no threat.
  ///
  /// @param engine whose word it is, as hosts call it
  /// @param rule by which of its rules, as the records have it; may be empty
  /// @param subject about which file or program: its path, or the SHA-256 of the file in
  ///   hexadecimal digits; empty for all
  /// @param note why, for people
  public record Terms(String engine, String rule, String subject, String note) {
    /// @throws IllegalArgumentException if no record could have it so
    public Terms {
      engine = new EngineId(engine).value();
      requireLength("rule", rule, Objection.MOST_CHARS);
      requireLength("subject", subject, Objection.MOST_CHARS);
      requireLength("comment", note, MOST_NOTE_CHARS);
      rule = Objection.kept(rule);
      subject = Objection.kept(subject);
      subject = DIGEST.matcher(subject).matches() ? subject.toLowerCase(Locale.ROOT) : subject;
      if (note.codePoints().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException("there are control characters in it: field=comment");
      }
    }

    private static void requireLength(String field, String text, int most) {
      if (text.length() > most) {
        throw new IllegalArgumentException("too long: field=" + field + " most=" + most);
      }
    }

    /// A digest of what it covers, as [Objection#keys] has it.
    String covered() {
      return Objection.digestOf(engine, rule, subject);
    }

    /// Whether it is about what an engine said.
    public boolean covers(Objection said) {
      return engine.equals(said.engine())
          && rule.equals(said.rule())
          && (subject.isEmpty()
              || subject.equals(said.subject())
              || subject.equals(said.content()));
    }
  }
}
