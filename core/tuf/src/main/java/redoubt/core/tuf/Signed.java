package redoubt.core.tuf;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;

/// What signatures are about: the four kinds of metadata.
public sealed interface Signed permits Root, Timestamp, Snapshot, Targets {
  /// What metadata calls this kind: `root`, `timestamp`, `snapshot` or `targets`.
  String type();

  /// Its version, from 1.
  long version();

  /// The moment from which it says nothing any more.
  Instant expires();

  /// Whether its time is over: it must expire later than `now` (TUF 5.3.10).
  default boolean isExpired(Instant now) {
    return !expires().isAfter(now);
  }

  /// Writes and reads the only form of a time (TUF 4.2.1), `2030-01-31T12:00:00Z`.
  DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'")
          .withResolverStyle(ResolverStyle.STRICT);

  /// Reads what every kind begins with.
  ///
  /// @throws TufException if one of them is missing, or of a specification other than 1
  static Signed parse(Json.Members signed) throws TufException {
    if (!signed.text("spec_version").matches("1\\.\\d{1,4}(\\.\\d{1,4})?")) {
      throw TufException.malformed(
          "not of specification 1: spec_version=" + signed.text("spec_version"));
    }
    return switch (signed.text("_type")) {
      case Root.TYPE -> Root.parse(signed);
      case Timestamp.TYPE -> Timestamp.parse(signed);
      case Snapshot.TYPE -> Snapshot.parse(signed);
      case Targets.TYPE -> Targets.parse(signed);
      default -> throw TufException.malformed("unknown kind: _type=" + signed.text("_type"));
    };
  }

  /// Reads the version.
  static long version(Json.Members signed) throws TufException {
    return signed.whole("version", 1);
  }

  /// Reads the expiry.
  static Instant expires(Json.Members signed) throws TufException {
    try {
      return LocalDateTime.parse(signed.text("expires"), TIME).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException _) {
      throw TufException.malformed("not a time: expires=" + signed.text("expires"));
    }
  }
}
