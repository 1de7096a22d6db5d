package redoubt.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import redoubt.core.model.PlatformNotice;

final class EntryRingTest {
  @Test
  void aFullRingRefusesAndTakesAgainAfterOnePoll() {
    EntryRing ring = new EntryRing(2);
    assertTrue(ring.isDry());
    assertTrue(ring.offer(entry(1)));
    assertTrue(ring.offer(entry(2)));
    assertFalse(ring.offer(entry(3)));
    assertEquals(1, number(ring));
    assertTrue(ring.offer(entry(4)));
    assertEquals(2, number(ring));
    assertEquals(4, number(ring));
    assertNull(ring.poll());
    assertTrue(ring.isDry());
    assertEquals(3, ring.claimed());
  }

  @Test
  void nothingIsLostOrReorderedAmongProducers() throws Exception {
    int producers = 4;
    int each = 20_000;
    EntryRing ring = new EntryRing(64);
    List<Thread> threads = new ArrayList<>();
    for (int p = 0; p < producers; p++) {
      long base = (long) p * each;
      threads.add(Thread.ofPlatform().start(() -> offerAll(ring, base, each)));
    }
    long[] next = new long[producers];
    for (int taken = 0; taken < producers * each; ) {
      Entry entry = ring.poll();
      if (entry == null) {
        Thread.onSpinWait();
        continue;
      }
      long number = number(entry);
      int producer = (int) (number / each);
      assertEquals(next[producer]++, number % each, "producer=" + producer);
      taken++;
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertNull(ring.poll());
  }

  private static void offerAll(EntryRing ring, long base, int count) {
    for (int i = 0; i < count; i++) {
      Entry entry = entry(base + i);
      while (!ring.offer(entry)) {
        Thread.onSpinWait();
      }
    }
  }

  static Entry entry(long number) {
    return new Entry.Notice(new PlatformNotice(number, PlatformNotice.Kind.CONTENT, "s", "m"));
  }

  private static long number(EntryRing ring) {
    Entry entry = ring.poll();
    assertNotNull(entry);
    return number(entry);
  }

  private static long number(Entry entry) {
    return switch (entry) {
      case Entry.Notice(var notice) -> notice.timeMillis();
      case Entry.Decision _, Entry.Finding _ -> throw new AssertionError(entry);
    };
  }
}
