package redoubt.engine.sigma.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTimeTest {
  @ParameterizedTest
  @CsvSource({
    "2023-11-14T22:13:20Z, 1700000000000",
    "2023-11-14T22:13:20.123456789Z, 1700000000123",
    "2023-11-14 22:13:20.5, 1700000000500",
    "2023-11-14T23:13:20+01:00, 1700000000000",
    "2023-11-14T20:43:20-0130, 1700000000000",
    "1700000000, 1700000000000",
    "1700000000.25, 1700000000000",
    "1700000000123, 1700000000123",
    "1700000000123456, 1700000000123",
    "1700000000123456789, 1700000000123",
    "9999999999999999999, -1",
    "2023-13-14T22:13:20Z, -1",
    "yesterday, -1",
    "12, -1",
    "'', -1"
  })
  void readsTimes(String text, long millis) {
    assertEquals(millis, EventTime.parse(text));
  }
}
