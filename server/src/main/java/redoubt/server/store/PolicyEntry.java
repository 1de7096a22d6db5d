package redoubt.server.store;

import java.time.Instant;
import java.util.Optional;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.WireLimits;

/// Something that may run on hosts of the fleet although an engine says no.
///
/// @param id from 1
/// @param terms what
/// @param madeBy who made it
public record PolicyEntry(int id, Terms terms, String madeBy, Instant made) {
  /// What may run where.
  ///
  /// @param subject the SHA-256 of a content, in hexadecimal digits; an absolute path; or a package
  /// @param engine whose word it outweighs, or `*`
  /// @param label which hosts it is for; empty for all
  /// @param until when it ends, if it does
  /// @param note why, for people
  public record Terms(
      String subject, String engine, String label, Optional<Instant> until, String note) {
    /// @throws IllegalArgumentException if no host could make sense of it
    public Terms {
      if (hasControls(subject) || hasControls(note)) {
        throw new IllegalArgumentException("there are control characters in it");
      }
      if (note.length() > WireLimits.NAME_CHARS) {
        throw new IllegalArgumentException("too long: field=comment most=" + WireLimits.NAME_CHARS);
      }
    }

    private static boolean hasControls(String text) {
      return text.codePoints().anyMatch(Character::isISOControl);
    }
  }

  /// Whether it counts at a time.
  public boolean isInForce(Instant now) {
    return terms.until().map(now::isBefore).orElse(true);
  }

  /// What a host is told.
  public FleetMessage.Exemption exemption() {
    return new FleetMessage.Exemption(
        terms.subject(),
        terms.engine(),
        made.getEpochSecond(),
        terms.until().map(Instant::getEpochSecond).orElse(0L),
        terms.note());
  }
}
