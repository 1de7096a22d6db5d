package redoubt.server.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import redoubt.fleet.rollout.MaintenanceWindow;

/// Maintenance windows as JSON: `days` as `monday` and so on, `from` and `to` as `22:00`, `zone` as
/// in the time zone database. Stateless.
public final class WindowJson {
  private WindowJson() {}

  /// Writes one.
  public static ObjectNode write(MaintenanceWindow window) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ArrayNode days = node.putArray("days");
    EnumSet.copyOf(window.days()).forEach(day -> days.add(day.name().toLowerCase(Locale.ROOT)));
    return node.put("from", window.from().toString())
        .put("to", window.to().toString())
        .put("zone", window.zone().getId());
  }

  /// Reads one.
  ///
  /// @throws IllegalArgumentException naming what is wrong, if it is none
  public static MaintenanceWindow read(JsonNode node) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (JsonNode day : node.path("days")) {
      days.add(day(day.asText()));
    }
    if (days.isEmpty()) {
      throw new IllegalArgumentException("names no day: field=days");
    }
    return new MaintenanceWindow(zone(node), days, time(node, "from"), time(node, "to"));
  }

  private static DayOfWeek day(String word) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().toLowerCase(Locale.ROOT).equals(word)) {
        return day;
      }
    }
    throw new IllegalArgumentException("no day of the week: " + word);
  }

  private static ZoneId zone(JsonNode node) {
    try {
      return ZoneId.of(node.path("zone").asText("UTC"));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("no time zone: field=zone", e);
    }
  }

  private static LocalTime time(JsonNode node, String field) {
    try {
      return LocalTime.parse(node.path(field).asText()).truncatedTo(ChronoUnit.MINUTES);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("no time of day, as 22:00: field=" + field, e);
    }
  }
}
