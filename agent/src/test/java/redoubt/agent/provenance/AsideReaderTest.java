package redoubt.agent.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// What hangs is given up on.
final class AsideReaderTest {
  private final AsideReader aside = new AsideReader();

  @Test
  void workThatEndsIsAnswered() {
    assertEquals(7, aside.read(() -> 7, 0));
    assertEquals(
        0,
        aside.read(
            () -> {
              throw new IOException("no such thing");
            },
            0));
  }

  @Test
  void whatHangsHoldsUpNobodyForLong() {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < AsideReader.MOST; i++) {
      assertEquals("none", aside.read(() -> hang(never), "none"));
    }
    long started = System.nanoTime();
    for (int i = 0; i < 1_000; i++) {
      assertEquals("none", aside.read(() -> "some", "none"));
    }
    assertTrue(System.nanoTime() - started < 5_000_000_000L, "it waits although all hang");
    never.countDown();
  }

  private static String hang(CountDownLatch never) throws InterruptedException {
    never.await();
    return "some";
  }
}
