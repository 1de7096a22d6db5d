package redoubt.agent.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDateTime;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScanScheduleTest {
  private static final LocalDateTime TUESDAY_NOON = LocalDateTime.parse("2026-12-01T12:00:00");

  private static LocalDateTime before(String schedule) {
    return ScanSchedule.parse(schedule).lastBefore(TUESDAY_NOON);
  }

  @Test
  void theLastTimeIsTodayOrOnADayBefore() {
    assertEquals(LocalDateTime.parse("2026-12-01T03:00"), before("03:00"));
    assertEquals(LocalDateTime.parse("2026-11-30T12:01"), before("12:01"));
    assertEquals(TUESDAY_NOON, before("12:00"));
    assertEquals(LocalDateTime.parse("2026-11-29T03:00"), before("sun 03:00"));
    assertEquals(LocalDateTime.parse("2026-11-24T12:30"), before("tue 12:30"));
    assertEquals(LocalDateTime.parse("2026-11-30T00:00"), before("mon,fri 00:00"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3:00", "25:00", "sun", "sunday 03:00", "day 03:00", "03:00-05:00"})
  void whatIsNoTimeIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> ScanSchedule.parse(text));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whateverIsWrittenIsReadTheSame(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    String[] days = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (int i = 0; i < 1_000; i++) {
      String text =
          days[random.nextInt(7)]
              + (random.nextBoolean() ? "," + days[random.nextInt(7)] : "")
              + " %02d:%02d".formatted(random.nextInt(24), random.nextInt(60));
      ScanSchedule schedule = ScanSchedule.parse(text);
      assertEquals(schedule, ScanSchedule.parse(schedule.toString()));
      LocalDateTime moment = TUESDAY_NOON.plusMinutes(random.nextInt(100_000));
      LocalDateTime last = schedule.lastBefore(moment);
      assertFalse(last.isAfter(moment));
      assertTrue(last.isAfter(moment.minusDays(8)));
      assertTrue(schedule.days().contains(last.getDayOfWeek()));
      assertEquals(schedule.at(), last.toLocalTime());
    }
  }
}
