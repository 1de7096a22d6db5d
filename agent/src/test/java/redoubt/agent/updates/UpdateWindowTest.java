package redoubt.agent.updates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateWindowTest {
  /// A Monday.
  private static final LocalDateTime MONDAY = LocalDateTime.parse("2026-11-30T00:00:00");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "02:00-06:00         | 28 | 02:00 | true",
        "02:00-06:00         | 28 | 05:59 | true",
        "02:00-06:00         | 28 | 06:00 | false",
        "22:00-05:00         | 30 | 23:30 | true",
        "22:00-05:00         | 30 | 04:59 | true",
        "22:00-05:00         | 30 | 05:00 | false",
        "sat,sun 02:00-06:00 | 28 | 03:00 | true",
        "sat,sun 02:00-06:00 | 30 | 03:00 | false",
        "sun 22:00-05:00     | 30 | 04:00 | true",
        "sun 22:00-05:00     | 29 | 04:00 | false",
        "mon 00:00-00:00     | 30 | 23:59 | true",
        "mon 00:00-00:00     | 29 | 12:00 | false"
      })
  void itIsOpenWhenItSays(String window, int day, String time, boolean open) {
    assertEquals(
        open,
        UpdateWindow.parse(window)
            .contains(LocalDateTime.parse("2026-11-" + day + "T" + time + ":00")));
  }

  /// Of every minute of a week.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "02:00-06:00         | 1680",
        "22:00-05:00         | 2940",
        "sat,sun 02:00-06:00 | 480",
        "sun 22:00-05:00     | 420",
        "mon 00:00-00:00     | 1440",
        "00:00-00:00         | 10080"
      })
  void itIsOpenAsLongAsItSays(String text, int minutes) {
    UpdateWindow window = UpdateWindow.parse(text);
    int open = 0;
    for (int i = 0; i < 7 * 24 * 60; i++) {
      open += window.contains(MONDAY.plus(i, ChronoUnit.MINUTES)) ? 1 : 0;
    }
    assertEquals(minutes, open);
  }

  @Test
  void itReadsWhatItWrites() {
    for (String text : new String[] {"22:00-05:00", "sat,sun 02:00-06:00", "mon 00:00-00:00"}) {
      assertEquals(text, UpdateWindow.parse(text).toString());
    }
    assertEquals("mon,fri 01:00-02:00", UpdateWindow.parse("fri,mon 01:00-02:00").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "22-05",
        "24:00-05:00",
        "02:60-05:00",
        "son 02:00-05:00",
        "mon, 02:00-05:00",
        "mon  02:00-05:00",
        "02:00-05:00 mon",
        "MON 02:00-05:00"
      })
  void whatIsNoneIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> UpdateWindow.parse(text));
  }
}
