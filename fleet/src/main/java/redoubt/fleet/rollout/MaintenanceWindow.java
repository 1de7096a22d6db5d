package redoubt.fleet.rollout;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Set;

/// The hours of the week, by the clock on the wall, in which a host may be updated.
///
/// Where daylight saving begins, an hour of it may not exist; where it ends, one comes twice, and
/// the window is open both times. Pure.
///
/// @param zone of the clock
/// @param days on which it begins
/// @param from when it begins, inclusive
/// @param to when it ends, exclusive; at or before `from` it ends on the day after
public record MaintenanceWindow(ZoneId zone, Set<DayOfWeek> days, LocalTime from, LocalTime to) {
  public MaintenanceWindow {
    days = Set.copyOf(days);
  }

  /// Whether it is open at that time.
  public boolean isOpen(long epochSeconds) {
    ZonedDateTime local = Instant.ofEpochSecond(epochSeconds).atZone(zone);
    LocalTime time = local.toLocalTime();
    DayOfWeek today = local.getDayOfWeek();
    if (from.isBefore(to)) {
      return days.contains(today) && !time.isBefore(from) && time.isBefore(to);
    }
    return (days.contains(today) && !time.isBefore(from))
        || (days.contains(today.minus(1)) && time.isBefore(to));
  }
}
