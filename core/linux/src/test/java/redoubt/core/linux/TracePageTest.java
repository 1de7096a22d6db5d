package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import redoubt.core.linux.TraceFormat.Field;

/// Pages written by hand, as `linux/ring_buffer.h` describes them.
class TracePageTest {
  private static final int HEAD = 16;
  private static final long MISSED_EVENTS = 1L << 31;
  private static final long MISSED_STORED = 1L << 30;

  private final byte[] bytes = new byte[4096];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  private final TracePage page = new TracePage(MemorySegment.ofArray(bytes), HEAD);

  TracePageTest() {
    buffer.position(HEAD);
  }

  private void head(int type, int delta) {
    buffer.putInt(type | delta << 5);
  }

  private void small(int delta, int... words) {
    head(words.length, delta);
    for (int word : words) {
      buffer.putInt(word);
    }
  }

  private void finish(long flags) {
    buffer.putLong(0, 1_000);
    buffer.putLong(8, flags | buffer.position() - HEAD);
    page.load(4096);
  }

  private List<String> records() {
    List<String> records = new ArrayList<>();
    while (page.next()) {
      records.add(
          page.timeNanos() + ":" + page.recordBytes() + ":" + buffer.getInt(page.recordOffset()));
    }
    return records;
  }

  @Test
  void recordsComeWithTheirTimes() {
    small(5, 11, 12);
    small(7, 13);
    head(0, 1); // longer than a head can say: 4 bytes for the length, 128 of the record
    buffer.putInt(132).putInt(14).position(buffer.position() + 124);
    small(0, 15);
    finish(0);
    assertEquals(List.of("1005:8:11", "1012:4:13", "1013:128:14", "1013:4:15"), records());
    assertEquals(0, page.missed());
  }

  @Test
  void timesThatNoHeadHasRoomForAreAddedAndGaps() {
    head(30, 3);
    buffer.putInt(1);
    small(5, 11);
    head(29, 1);
    buffer.putInt(12).putLong(0); // a record that was taken back
    small(1, 12);
    head(31, 9);
    buffer.putInt(2);
    small(0, 13);
    head(29, 0);
    small(0, 99); // behind the end of a page that was not full
    finish(0);
    long extended = 1_000 + (1L << 27) + 3 + 5;
    assertEquals(
        List.of(extended + ":4:11", extended + 1 + ":4:12", (2L << 27) + 9 + ":4:13"), records());
  }

  @Test
  void whatWasOverwrittenIsCounted() {
    small(1, 11);
    int end = buffer.position();
    finish(MISSED_EVENTS);
    assertEquals(1, page.missed());
    assertEquals(1, records().size());
    buffer.putLong(end, 4711);
    page.load(4096);
    assertEquals(1, page.missed(), "nobody said that the number stands there");
    finish(MISSED_EVENTS | MISSED_STORED);
    assertEquals(4711, page.missed());
    buffer.putLong(end, -1);
    page.load(4096);
    assertEquals(1, page.missed());
  }

  @Test
  void aReadThatFailedHasNoRecords() {
    small(1, 11);
    finish(0);
    for (int result : new int[] {-11, 0, 15, 4097}) {
      page.load(result);
      assertFalse(page.next());
      assertEquals(0, page.missed());
    }
  }

  @Test
  void noPageMakesItFailOrReadBeyondIt() {
    long seed = 20261126;
    Random random = new Random(seed);
    TraceRecord record = new TraceRecord(MemorySegment.ofArray(bytes), page);
    for (int i = 0; i < 20_000; i++) {
      random.nextBytes(bytes);
      if (random.nextBoolean()) {
        buffer.putLong(8, random.nextInt(4096));
      }
      page.load(random.nextInt(4200));
      int records = 0;
      while (page.next()) {
        records++;
        assertTrue(page.recordBytes() > 0, "seed=" + seed);
        assertTrue(page.recordOffset() + page.recordBytes() <= 4096, "seed=" + seed);
        record.int64(new Field(random.nextInt(5_000), 8));
        assertEquals(16, record.bytes(new Field(random.nextInt(5_000), 16)).length);
      }
      assertTrue(records <= 4096 / 8, "seed=" + seed);
    }
  }
}
