package redoubt.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/// Times in the words of people. Pure.
final class Times {
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private static final String AMOUNT = "[0-9]{1,6}[smhd]";

  private Times() {}

  /// Returns date and time to the second in `zone`.
  static String local(long epochMillis, ZoneId zone) {
    return local(Instant.ofEpochMilli(epochMillis), zone);
  }

  static String local(Instant instant, ZoneId zone) {
    return LOCAL.format(instant.atZone(zone));
  }

  /// Returns a duration in its two largest units, such as `2 h 5 min`.
  static String rough(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    if (seconds < 24 * 3600) {
      return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }
    return seconds / (24 * 3600) + " d " + seconds % (24 * 3600) / 3600 + " h";
  }

  /// Returns microseconds in a unit that keeps the number short.
  static String micros(long micros) {
    return micros < 1000 ? micros + " µs" : String.format(Locale.ROOT, "%.1f ms", micros / 1e3);
  }

  /// Reads when something ends: an instant, a date or a date and time of `zone`, or a time from now
  /// such as `90m`, `12h` or `7d`.
  ///
  /// @throws Problem if it is none of them
  static Instant requireEnd(String text, Instant now, ZoneId zone) {
    return parseEnd(text, now, zone)
        .orElseThrow(() ->
            new Problem(
                ExitCode.USAGE,
                "not a time: until=" + text,
                "say 90m, 12h, 7d, 2026-12-31 or 2026-12-31T18:00"));
  }

  /// As [#requireEnd]; nothing if it is none of them.
  static Optional<Instant> parseEnd(String text, Instant now, ZoneId zone) {
    try {
      if (text.matches(AMOUNT)) {
        return Optional.of(now.plus(parseAmount(text)));
      }
      if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
        return Optional.of(LocalDate.parse(text).plusDays(1).atStartOfDay(zone).toInstant());
      }
      return Optional.of(parseDateTime(text.replace(' ', 'T'), zone));
    } catch (DateTimeException | ArithmeticException _) {
      return Optional.empty();
    }
  }

  /// Reads how long something has been, such as `90m`, `12h` or `7d`.
  static Optional<Duration> parseAge(String text) {
    return text.matches(AMOUNT) ? Optional.of(parseAmount(text)) : Optional.empty();
  }

  private static Instant parseDateTime(String text, ZoneId zone) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException _) {
      // without an offset it is a time of this host
      return LocalDateTime.parse(text).atZone(zone).toInstant();
    }
  }

  private static Duration parseAmount(String text) {
    long amount = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> Duration.ofSeconds(amount);
      case 'm' -> Duration.ofMinutes(amount);
      case 'h' -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
