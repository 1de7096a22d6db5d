package redoubt.agent.updates;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.TextStyle;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A time of the week in which updates may come into force, by the host's own clock. Immutable.
///
/// @param days on which it begins
/// @param from when it begins, to the minute
/// @param until when it ends, that minute not included; not after `from`: on the day after
public record UpdateWindow(Set<DayOfWeek> days, LocalTime from, LocalTime until) {
  private static final Pattern FORM =
      Pattern.compile("(?:([a-z]{3}(?:,[a-z]{3})*) )?(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)");

  private static final int WEEK = DayOfWeek.values().length;

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
            days(form.group(1)), LocalTime.parse(form.group(2)), LocalTime.parse(form.group(3)));
      }
    } catch (DateTimeException _) {
      // said below
    }
    throw new IllegalArgumentException(
        "not a window such as 22:00-05:00 or sat,sun 02:00-06:00: " + text);
  }

  private static Set<DayOfWeek> days(String names) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    if (names == null) {
      return EnumSet.allOf(DayOfWeek.class);
    }
    for (String name : names.split(",")) {
      days.add(
          Arrays.stream(DayOfWeek.values())
              .filter(day -> word(day).equals(name))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("no day of the week: " + name)));
    }
    return days;
  }

  private static String word(DayOfWeek day) {
    return day.getDisplayName(TextStyle.SHORT, Locale.ROOT).toLowerCase(Locale.ROOT);
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
    String on =
        days.size() == WEEK
            ? ""
            : days.stream().sorted().map(UpdateWindow::word).collect(Collectors.joining(",")) + " ";
    return on + from + "-" + until;
  }
}
