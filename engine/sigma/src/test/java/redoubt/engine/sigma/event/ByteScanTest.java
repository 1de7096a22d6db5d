package redoubt.engine.sigma.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import redoubt.engine.sigma.Seeds;

/// Eight bytes at a time say what one after the other says.
class ByteScanTest {
  private final RandomGenerator random = Seeds.random("ByteScanTest");

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(40)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextInt(8) == 0 ? random.nextInt(256) : '@' + random.nextInt(60));
    }
    return bytes;
  }

  @Test
  void endOfPlainText() {
    for (int i = Seeds.count(100_000); i > 0; i--) {
      byte[] bytes = bytes();
      int from = random.nextInt(bytes.length + 1);
      int expected = from;
      while (expected < bytes.length
          && bytes[expected] != '"'
          && bytes[expected] != '\\'
          && (bytes[expected] < 0 || bytes[expected] >= ' ')) {
        expected++;
      }
      assertEquals(
          expected,
          ByteScan.endOfPlainText(bytes, from, bytes.length),
          () -> Arrays.toString(bytes));
    }
  }

  @Test
  void endOfPlainAscii() {
    for (int i = Seeds.count(100_000); i > 0; i--) {
      byte[] bytes = bytes();
      int from = random.nextInt(bytes.length + 1);
      int expected = ByteScan.endOfPlainText(bytes, from, bytes.length);
      for (int at = expected - 1; at >= from; at--) {
        expected = bytes[at] < 0 ? at : expected;
      }
      assertEquals(
          expected,
          ByteScan.endOfPlainAscii(bytes, from, bytes.length),
          () -> Arrays.toString(bytes));
    }
  }
}
