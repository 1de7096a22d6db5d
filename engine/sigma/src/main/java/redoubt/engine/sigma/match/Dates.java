package redoubt.engine.sigma.match;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.temporal.IsoFields;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redoubt.engine.sigma.rule.ValueTest.TimePart;

/// Takes dates in events apart: RFC 3339 and what looks like it, as in Sysmon's `2025-03-04
/// 13:37:05.123`. No time zone is converted.
final class Dates {
  private static final Pattern DATE =
      Pattern.compile("(\\d{4})-(\\d{2})-(\\d{2})(?:[T ](\\d{2}):(\\d{2}).{0,40})?");

  private Dates() {}

  /// Whether the date's part stands to the rule's number as the rule says; not if the text is no
  /// date.
  static boolean test(TimePart part, String text) {
    Matcher matcher = DATE.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    try {
      int hour = matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4));
      int minute = matcher.group(5) == null ? 0 : Integer.parseInt(matcher.group(5));
      LocalDateTime date =
          LocalDateTime.of(
              Integer.parseInt(matcher.group(1)),
              Integer.parseInt(matcher.group(2)),
              Integer.parseInt(matcher.group(3)),
              hour,
              minute);
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
    } catch (DateTimeException e) {
      return false;
    }
  }
}
