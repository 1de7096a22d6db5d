package redoubt.engine.sigma.event;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Tells when an event happened. Not thread-safe.
///
/// The fields that sources keep the time in are tried in turn: dates in the form of RFC 3339, with
/// a space instead of the `T` too, in UTC unless they have an offset; and seconds, milliseconds,
/// microseconds or nanoseconds since 1970, which their size tells apart.
public final class EventTime {
  private static final List<String> FIELDS =
      List.of(
          "UtcTime",
          "TimeCreated_SystemTime",
          "@timestamp",
          "EventTime",
          "time",
          "timestamp",
          "eventTime",
          "_time");
  private static final Pattern DATE =
      Pattern.compile(
          "(\\d{4})-(\\d{2})-(\\d{2})[T ](\\d{2}):(\\d{2}):(\\d{2})(?:[.,](\\d{1,9}))?"
              + "(?:Z|([+-])(\\d{2}):?(\\d{2}))?");
  private static final Pattern NUMBER = Pattern.compile("(\\d{9,19})(?:\\.\\d{1,9})?");
  private static final long LAST_SECOND = 99_999_999_999L;

  private final List<Integer> slots = new ArrayList<>();

  /// Asks for the fields.
  public EventTime(FieldTable fields) {
    for (String field : FIELDS) {
      slots.add(fields.slot(field));
    }
  }

  /// Milliseconds since 1970, or -1 if the event does not say.
  public long millis(Event event) {
    for (int slot : slots) {
      String text = event.find(slot);
      if (text != null) {
        long millis = parse(text);
        if (millis >= 0) {
          return millis;
        }
      }
    }
    return -1;
  }

  /// Milliseconds since 1970, or -1 if the text is no time.
  static long parse(String text) {
    Matcher date = DATE.matcher(text);
    if (date.matches()) {
      try {
        long seconds =
            LocalDateTime.of(
                    Integer.parseInt(date.group(1)),
                    Integer.parseInt(date.group(2)),
                    Integer.parseInt(date.group(3)),
                    Integer.parseInt(date.group(4)),
                    Integer.parseInt(date.group(5)),
                    Math.min(59, Integer.parseInt(date.group(6))))
                .toEpochSecond(ZoneOffset.UTC);
        return Math.max(-1, 1_000 * (seconds - offsetSeconds(date)) + fraction(date.group(7)));
      } catch (DateTimeException e) {
        return -1;
      }
    }
    Matcher number = NUMBER.matcher(text);
    return number.matches() ? ofNumber(number.group(1)) : -1;
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

  private static long ofNumber(String digits) {
    long number;
    try {
      number = Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return -1;
    }
    if (number <= LAST_SECOND) {
      return 1_000 * number;
    }
    while (number > 1_000 * LAST_SECOND) {
      number /= 1_000;
    }
    return number;
  }
}
