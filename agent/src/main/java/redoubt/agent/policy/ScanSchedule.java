package redoubt.agent.policy;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// When the host is to be scanned, by its own clock. Immutable.
///
/// @param days on which
/// @param at when, to the minute
public record ScanSchedule(Set<DayOfWeek> days, LocalTime at) {
  private static final Pattern FORM =
      Pattern.compile("(?:(" + Weekdays.FORM + ") )?(\\d\\d:\\d\\d)");

  /// @throws IllegalArgumentException if it is on no day
  public ScanSchedule {
    days = Set.copyOf(days);
    if (days.isEmpty()) {
      throw new IllegalArgumentException("a time that never comes");
    }
  }

  /// Reads `03:00`, or `sat,sun 03:00`.
  ///
  /// @throws IllegalArgumentException if it is anything else
  public static ScanSchedule parse(String text) {
    Matcher form = FORM.matcher(text);
    try {
      if (form.matches()) {
        Set<DayOfWeek> days =
            form.group(1) == null ? Weekdays.all() : Weekdays.parse(form.group(1));
        return new ScanSchedule(days, LocalTime.parse(form.group(2)));
      }
    } catch (DateTimeException _) {
      // said below
    }
    throw new IllegalArgumentException("not a time such as 03:00 or sat,sun 03:00: " + text);
  }

  /// Its last time that is not after a moment.
  public LocalDateTime lastBefore(LocalDateTime moment) {
    LocalDateTime time = moment.toLocalDate().atTime(at);
    while (time.isAfter(moment) || !days.contains(time.getDayOfWeek())) {
      time = time.minusDays(1);
    }
    return time;
  }

  /// As [#parse] reads it.
  @Override
  public String toString() {
    return Weekdays.before(days) + at;
  }
}
