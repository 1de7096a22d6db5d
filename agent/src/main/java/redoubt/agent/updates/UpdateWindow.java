package redoubt.agent.updates;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redoubt.agent.policy.Weekdays;

/// A time of the week in which updates may come into force, by the host's own clock. Immutable.
///
/// @param days on which it begins
/// @param from when it begins, to the minute
/// @param until when it ends, that minute not included; not after `from`: on the day after
public record UpdateWindow(Set<DayOfWeek> days, LocalTime from, LocalTime until) {
  private static final Pattern FORM =
      Pattern.compile("(?:(" + Weekdays.FORM + ") )?(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)");

  /// @throws IllegalArgumentException if it begins on no day
  public UpdateWindow {
    days = Set.copyOf(days);
    if (days.isEmpty()) {
      throw new IllegalArgumentException("a window that is never open");
    }
  }

  /// Reads `22:00-05:00`, or `sat,sun 00:00-00:00`.
  ///
  /// @throws IllegalArgumentException if it is anything else
  public static UpdateWindow parse(String text) {
    Matcher form = FORM.matcher(text);
    try {
      if (form.matches()) {
        return new UpdateWindow(
            form.group(1) == null ? Weekdays.all() : Weekdays.parse(form.group(1)),
            LocalTime.parse(form.group(2)),
            LocalTime.parse(form.group(3)));
      }
    } catch (DateTimeException _) {
      // said below
    }
    throw new IllegalArgumentException(
        "not a window such as 22:00-05:00 or sat,sun 02:00-06:00: " + text);
  }

  /// Whether it is open at a moment.
  public boolean contains(LocalDateTime moment) {
    LocalTime time = moment.toLocalTime();
    boolean today = days.contains(moment.getDayOfWeek());
    if (from.isBefore(until)) {
      return today && !time.isBefore(from) && time.isBefore(until);
    }
    boolean since = days.contains(moment.getDayOfWeek().minus(1));
    return (today && !time.isBefore(from)) || (since && time.isBefore(until));
  }

  /// As [#parse] reads it.
  @Override
  public String toString() {
    return Weekdays.before(days) + from + "-" + until;
  }
}
