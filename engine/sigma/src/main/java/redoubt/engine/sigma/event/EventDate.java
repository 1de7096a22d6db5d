package redoubt.engine.sigma.event;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A date in an event: in the form of RFC 3339, also with a space instead of the `T` as Sysmon
/// writes it, and what begins so.
///
/// @param local as it is written, whatever its offset; at midnight if it has no time
/// @param millis since 1970, in UTC unless the date has an offset; -1 if it does not say the
///   second, something else follows it, or it is before 1970
public record EventDate(LocalDateTime local, long millis) {
  private static final Pattern DATE =
      Pattern.compile(
          "(\\d{4})-(\\d{2})-(\\d{2})"
              + "(?:[T ](\\d{2}):(\\d{2})"
              + "(?::(\\d{2})(?:[.,](\\d{1,9}))?(?:Z|([+-])(\\d{2}):?(\\d{2}))?)?"
              + "(.{0,40}))?");

  /// The date that a text is.
  public static Optional<EventDate> parse(String text) {
    Matcher date = DATE.matcher(text);
    if (!date.matches()) {
      return Optional.empty();
    }
    try {
      LocalDateTime local =
          LocalDateTime.of(
              Integer.parseInt(date.group(1)),
              Integer.parseInt(date.group(2)),
              Integer.parseInt(date.group(3)),
              number(date.group(4)),
              number(date.group(5)),
              Math.min(59, number(date.group(6))));
      boolean exact = date.group(6) != null && "".equals(date.group(11));
      return Optional.of(new EventDate(local, exact ? millis(local, date) : -1));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int number(@Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static long millis(LocalDateTime local, Matcher date) {
    long seconds = local.toEpochSecond(ZoneOffset.UTC) - offsetSeconds(date);
    return Math.max(-1, 1_000 * seconds + fraction(date.group(7)));
  }

  private static long offsetSeconds(Matcher date) {
    if (date.group(8) == null) {
      return 0;
    }
    long offset = 3_600L * Integer.parseInt(date.group(9)) + 60L * Integer.parseInt(date.group(10));
    return date.group(8).equals("-") ? -offset : offset;
  }

  private static long fraction(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong((digits + "00").substring(0, 3));
  }
}
