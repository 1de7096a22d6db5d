package redoubt.engine.sigma.match;

import java.time.LocalDateTime;
import java.time.temporal.IsoFields;
import redoubt.engine.sigma.event.EventDate;
import redoubt.engine.sigma.rule.ValueTest.TimePart;

/// Compares parts of dates in events. No time zone is converted.
final class Dates {
  private Dates() {}

  /// Whether the date's part stands to the rule's number as the rule says; not if the text is no
  /// date.
  static boolean test(TimePart part, String text) {
    return EventDate.parse(text).filter(date -> test(part, date.local())).isPresent();
  }

  private static boolean test(TimePart part, LocalDateTime date) {
    int found =
        switch (part.unit()) {
          case MINUTE -> date.getMinute();
          case HOUR -> date.getHour();
          case DAY -> date.getDayOfMonth();
          case WEEK -> date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
          case MONTH -> date.getMonthValue();
          case YEAR -> date.getYear();
        };
    return part.comparison().holds(found, part.number());
  }
}
