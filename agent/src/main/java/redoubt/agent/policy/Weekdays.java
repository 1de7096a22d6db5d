package redoubt.agent.policy;

import java.time.DayOfWeek;
import java.time.format.TextStyle;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Days of the week as owners write them: `mon,thu`. Stateless.
public final class Weekdays {
  /// What names some, as a part of a regular expression.
  public static final String FORM = "[a-z]{3}(?:,[a-z]{3})*";

  private static final int WEEK = DayOfWeek.values().length;

  private Weekdays() {}

  /// Reads them.
  ///
  /// @throws IllegalArgumentException if one is no day
  public static Set<DayOfWeek> parse(String names) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (String name : names.split(",")) {
      days.add(
          Arrays.stream(DayOfWeek.values())
              .filter(day -> word(day).equals(name))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("no day of the week: " + name)));
    }
    return days;
  }

  /// Every day.
  public static Set<DayOfWeek> all() {
    return EnumSet.allOf(DayOfWeek.class);
  }

  /// What goes before a time of these days, as [#parse] reads it and a blank; empty for every day.
  public static String before(Set<DayOfWeek> days) {
    return days.size() == WEEK
        ? ""
        : days.stream().sorted().map(Weekdays::word).collect(Collectors.joining(",")) + " ";
  }

  private static String word(DayOfWeek day) {
    return day.getDisplayName(TextStyle.SHORT, Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}
