package redoubt.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class JournalChainTest {
  private static final JournalLimits SMALL =
      new JournalLimits(4096, 64 * 1024, 64 * 1024 * 1024, Duration.ofMillis(50));
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;

  @Test
  void aJournalOverSeveralFilesAndRunsIsOneChain() throws Exception {
    write(SMALL, 200);
    write(SMALL, 200);

    JournalChain.Report report = check("");

    assertTrue(report.files() > 2, report::toString);
    assertEquals(400, report.lines());
    assertTrue(report.whole());
    assertEquals(0, report.breakCount(), report::toString);
  }

  @Test
  void whatIsDeletedForWantOfRoomBreaksNothing() throws Exception {
    write(new JournalLimits(4096, 64 * 1024, 128 * 1024, Duration.ofMillis(50)), 1_000);

    JournalChain.Report report = check("");

    assertFalse(report.whole());
    assertTrue(report.lines() < 1_000);
    assertEquals(0, report.breakCount(), report::toString);
  }

  @Test
  void eachChangeOfALineBeforeTheLastIsFound() throws Exception {
    write(JournalLimits.DEFAULT, 20);
    byte[] sound = Files.readAllBytes(current());
    int lastLine =
        new String(sound, java.nio.charset.StandardCharsets.ISO_8859_1)
            .lastIndexOf('\n', sound.length - 2);
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      byte[] changed = sound.clone();
      int at = random.nextInt(lastLine);
      changed[at] ^= (byte) (1 + random.nextInt(255));
      Files.write(current(), changed);

      assertTrue(check("").breakCount() > 0, "offset " + at);
    }
  }

  @Test
  void removedInsertedAndReorderedLinesAreFoundWhereTheyAre() throws Exception {
    write(JournalLimits.DEFAULT, 10);
    List<String> sound = Files.readAllLines(current());

    List<String> removed = new ArrayList<>(sound);
    removed.remove(4);
    assertEquals(List.of(5L), breaks(removed));

    List<String> inserted = new ArrayList<>(sound);
    inserted.add(4, sound.get(2));
    assertEquals(List.of(5L, 6L), breaks(inserted));

    List<String> foreign = new ArrayList<>(sound);
    foreign.add(4, "{\"time\":1}");
    assertEquals(List.of(5L, 6L), breaks(foreign));

    List<String> reordered = new ArrayList<>(sound);
    Collections.swap(reordered, 4, 5);
    assertEquals(List.of(5L, 6L, 7L), breaks(reordered));
  }

  @Test
  void anAnchorShowsWhatTheChainAloneCannot() throws Exception {
    write(JournalLimits.DEFAULT, 10);
    String anchor = new JournalChain(directory).head();
    assertEquals(0, check(anchor).afterAnchor());
    write(JournalLimits.DEFAULT, 5);
    assertEquals(5, check(anchor).afterAnchor());

    // Cut off at its end, a journal is whole; the anchor is gone with the lines.
    List<String> lines = Files.readAllLines(current());
    Files.write(current(), lines.subList(0, 8));
    JournalChain.Report report = check(anchor);
    assertEquals(0, report.breakCount());
    assertEquals(-1, report.afterAnchor());
  }

  @Test
  void aTornLineAndAFullDiskDoNotBreakTheChain() throws Exception {
    write(JournalLimits.DEFAULT, 3);
    Files.writeString(current(), "{\"half", java.nio.file.StandardOpenOption.APPEND);
    write(JournalLimits.DEFAULT, 3);
    JournalFileTest.FlakyOpener opener = new JournalFileTest.FlakyOpener();
    JournalFile file = JournalFile.open(directory, SMALL, InstantSource.system(), opener);
    try (Journal journal = Journal.start(file, SMALL, OcsfFormatTest.HOST, () -> {})) {
      offer(journal, 1);
      opener.full = true;
      offer(journal, 1);
      opener.full = false;
      offer(journal, 2);
      assertEquals(check("").head(), journal.head());
    }
    assertEquals(0, check("").breakCount(), () -> checkQuietly());
  }

  @Test
  void aJournalThatIsBeingWrittenIsSound() throws Exception {
    try (Journal journal = open(SMALL)) {
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 3_000; i++) {
                  journal.offer(EntryRingTest.entry(i));
                }
              });
      do {
        JournalChain.Report report = check("");
        assertEquals(0, report.breakCount(), report::toString);
      } while (writer.isAlive());
      writer.join();
    }
  }

  @Test
  void withoutALineThereIsNoAnchor() throws Exception {
    assertEquals("", new JournalChain(directory).head());
    assertEquals(0, check("").lines());
    write(JournalLimits.DEFAULT, 1);
    assertNotEquals("", new JournalChain(directory).head());
  }

  private void write(JournalLimits limits, int count) throws IOException {
    try (Journal journal = open(limits)) {
      offer(journal, count);
      assertEquals(0, journal.lost());
    }
  }

  private static void offer(Journal journal, int count) {
    for (int i = 0; i < count; i++) {
      journal.offer(EntryRingTest.entry(i));
    }
    assertTrue(journal.flush(PATIENCE));
  }

  private Journal open(JournalLimits limits) throws IOException {
    return Journal.open(directory, limits, OcsfFormatTest.HOST, () -> {});
  }

  private JournalChain.Report check(String anchor) throws IOException {
    return new JournalChain(directory).check(anchor);
  }

  private String checkQuietly() {
    try {
      return check("").toString();
    } catch (IOException e) {
      return e.toString();
    }
  }

  private List<Long> breaks(List<String> lines) throws IOException {
    Files.write(current(), lines);
    return check("").breaks().stream().map(JournalChain.Break::line).toList();
  }

  private Path current() {
    return directory.resolve(JournalFiles.CURRENT);
  }
}
