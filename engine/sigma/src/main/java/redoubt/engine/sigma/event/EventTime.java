package redoubt.engine.sigma.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tells when an event happened. Not thread-safe.
///
/// The fields that sources keep the time in are tried in turn: dates ([EventDate]); and seconds,
/// milliseconds, microseconds or nanoseconds since 1970, which their size tells apart.
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
    Optional<EventDate> date = EventDate.parse(text);
    if (date.isPresent()) {
      return date.get().millis();
    }
    Matcher number = NUMBER.matcher(text);
    return number.matches() ? ofNumber(number.group(1)) : -1;
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
