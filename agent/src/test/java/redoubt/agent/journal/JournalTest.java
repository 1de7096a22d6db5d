package redoubt.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class JournalTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final JournalLimits SMALL =
      new JournalLimits(16, 64 * 1024, 64 * 1024 * 1024, Duration.ofMillis(50));

  @TempDir Path directory;

  @Test
  void recordsAreNumberedInTheOrderOfTheFile() throws Exception {
    try (Journal journal = open(JournalLimits.DEFAULT, () -> {})) {
      for (int i = 1; i <= 100; i++) {
        assertTrue(journal.offer(EntryRingTest.entry(i)));
      }
      assertTrue(journal.flush(PATIENCE));
      List<JournalLine> lines = readAll();
      assertEquals(100, lines.size());
      for (int i = 0; i < 100; i++) {
        assertEquals(i + 1, lines.get(i).sequence());
        assertEquals(i + 1, lines.get(i).timeMillis());
      }
      assertEquals(100, journal.written());
      assertEquals(0, journal.lost());
    }
  }

  @Test
  void theHookRunsOnTheWriterThread() throws Exception {
    AtomicReference<@Nullable Thread> writer = new AtomicReference<>();
    try (Journal journal = open(SMALL, () -> writer.set(Thread.currentThread()))) {
      assertTrue(journal.flush(PATIENCE));
      Thread thread = writer.get();
      assertNotNull(thread);
      assertEquals("journal", thread.getName());
      assertTrue(thread.isDaemon());
    }
  }

  @Test
  void whatFindsNoRoomIsCountedToTheLast() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Journal journal = open(SMALL, () -> await(go))) {
      int taken = 0;
      for (int i = 0; i < 100; i++) {
        taken += journal.offer(EntryRingTest.entry(i)) ? 1 : 0;
      }
      assertEquals(16, taken);
      assertEquals(84, journal.lost());
      go.countDown();
      assertTrue(journal.flush(PATIENCE));
      List<JournalLine> lines = readAll();
      assertEquals(17, lines.size());
      assertEquals(84, lossesIn(lines));
    }
  }

  @Test
  void linesAndLossesAccountForEveryRecordOffered() throws Exception {
    int producers = 4;
    int each = 20_000;
    AtomicLong taken = new AtomicLong();
    try (Journal journal = open(SMALL, () -> {})) {
      List<Thread> threads = new ArrayList<>();
      for (int p = 0; p < producers; p++) {
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  for (int i = 0; i < each; i++) {
                    if (journal.offer(EntryRingTest.entry(i))) {
                      taken.incrementAndGet();
                    }
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertTrue(journal.flush(PATIENCE));
      assertTrue(journal.flush(PATIENCE));
      assertEquals((long) producers * each, taken.get() + journal.lost());
      List<JournalLine> lines = readAll();
      long notices = lines.stream().filter(line -> line.code().equals("LOSS")).count();
      assertEquals(taken.get(), lines.size() - notices);
      assertEquals(journal.lost(), lossesIn(lines));
    }
  }

  @Test
  void aFullDiskLosesCountedRecordsAndWritingResumes() throws Exception {
    JournalFileTest.FlakyOpener opener = new JournalFileTest.FlakyOpener();
    opener.full = true;
    JournalFile file =
        JournalFile.open(directory, SMALL, InstantSource.system(), ignoringTruncation(opener));
    try (Journal journal = Journal.start(file, SMALL, OcsfFormatTest.HOST, () -> {})) {
      assertTrue(journal.offer(EntryRingTest.entry(1)));
      assertTrue(journal.offer(EntryRingTest.entry(2)));
      assertTrue(journal.flush(PATIENCE));
      assertEquals(2, journal.lost());
      assertTrue(journal.fileErrors() > 0);
      assertTrue(String.valueOf(journal.lastFileError()).contains("No space left"));
      opener.full = false;
      assertTrue(journal.offer(EntryRingTest.entry(3)));
      assertTrue(journal.flush(PATIENCE));
      List<JournalLine> lines = readAll();
      assertEquals(2, lossesIn(lines));
      assertEquals(3, lines.getLast().timeMillis());
      assertEquals(2, journal.lost());
    }
  }

  @Test
  void aTornLineIsNoted() throws Exception {
    Files.writeString(directory.resolve(JournalFiles.CURRENT), "{\"half");
    try (Journal journal = open(SMALL, () -> {})) {
      assertTrue(journal.flush(PATIENCE));
      JournalLine line = readAll().getFirst();
      assertEquals("LOSS", line.code());
      assertTrue(line.message().contains("count=6"), line.message());
    }
  }

  @Test
  void closingWritesWhatIsQueuedAndRefusesWhatComesLater() throws Exception {
    Journal journal = open(JournalLimits.DEFAULT, () -> {});
    for (int i = 0; i < 1000; i++) {
      assertTrue(journal.offer(EntryRingTest.entry(i)));
    }
    journal.close();
    assertEquals(1000, readAll().size());
    assertFalse(journal.offer(EntryRingTest.entry(0)));
    assertEquals(1, journal.lost());
    journal.close();
  }

  @Test
  void aSleepingWriterIsWokenByOneRecord() throws Exception {
    AtomicReference<@Nullable Thread> writer = new AtomicReference<>();
    try (Journal journal = open(SMALL, () -> writer.set(Thread.currentThread()))) {
      assertTrue(journal.flush(PATIENCE));
      Thread thread = writer.get();
      assertNotNull(thread);
      while (thread.getState() != Thread.State.WAITING) {
        LockSupport.parkNanos(1_000_000);
      }
      assertTrue(journal.offer(EntryRingTest.entry(1)));
      try (JournalFollower follower = new JournalReader(directory).openFollower()) {
        while (journal.written() == 0) {
          follower.await(Duration.ofMillis(100));
        }
      }
      assertEquals(1, readAll().size());
    }
  }

  private Journal open(JournalLimits limits, Runnable onWriterStart) throws IOException {
    return Journal.open(directory, limits, OcsfFormatTest.HOST, onWriterStart);
  }

  /// The full device has no permissions of ours to set, so only opening is redirected.
  private static JournalFile.Opener ignoringTruncation(JournalFileTest.FlakyOpener opener) {
    return path -> {
      if (!Files.exists(path)) {
        Files.createFile(path);
      }
      return opener.open(path);
    };
  }

  private List<JournalLine> readAll() throws IOException {
    List<JournalLine> lines = new ArrayList<>();
    JournalReader reader = new JournalReader(directory);
    reader.newestFirst(lines::add);
    assertEquals(0, reader.skippedLines());
    return lines.reversed();
  }

  private static long lossesIn(List<JournalLine> lines) {
    return lines.stream()
        .filter(line -> line.code().equals("LOSS"))
        .mapToLong(line -> Long.parseLong(line.message().replaceAll(".*count=", "")))
        .sum();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
