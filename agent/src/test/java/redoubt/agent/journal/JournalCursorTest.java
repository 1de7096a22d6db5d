package redoubt.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalCursorTest {
  @TempDir Path directory;

  private int written;

  private Path current() {
    return directory.resolve(JournalFiles.CURRENT);
  }

  private void write(int lines) throws IOException {
    for (int i = 0; i < lines; i++) {
      Files.writeString(
          current(),
          "line " + ++written + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  private void setAside() throws IOException {
    if (Files.exists(current())) {
      Files.move(
          current(),
          JournalFiles.nextAside(directory, JournalFiles.listAside(directory), Instant.EPOCH));
    }
  }

  private static String next(JournalCursor cursor) throws IOException {
    byte[] line = cursor.next();
    return line == null ? "none" : new String(line, StandardCharsets.US_ASCII);
  }

  @Test
  void whatComesLaterIsRead() throws IOException {
    write(3);
    try (JournalCursor cursor = JournalCursor.atEnd(directory)) {
      assertNull(cursor.next());
      write(1);
      assertEquals("line 4", next(cursor));
      setAside();
      assertEquals("none", next(cursor));
      write(1);
      assertEquals("line 5", next(cursor));
    }
  }

  @Test
  void aJournalThatIsNotThereYetIsReadFromItsBegin() throws IOException {
    try (JournalCursor cursor = JournalCursor.atEnd(directory)) {
      assertEquals("none", next(cursor));
      write(1);
      assertEquals("line 1", next(cursor));
    }
  }

  @Test
  void whoComesTooLateGoesOnWithTheOldest() throws IOException {
    write(1);
    JournalCursor.Position begin;
    try (JournalCursor cursor = JournalCursor.atEnd(directory)) {
      begin = cursor.position();
    }
    setAside();
    write(1);
    setAside();
    write(1);
    Files.delete(JournalFiles.listAside(directory).getFirst().path());
    try (JournalCursor cursor = JournalCursor.at(directory, begin)) {
      assertEquals("line 2", next(cursor));
      assertTrue(cursor.takeMissed());
      assertFalse(cursor.takeMissed());
      assertEquals("line 3", next(cursor));
      assertEquals("none", next(cursor));
    }
  }

  /// The writer numbers from the beginning then.
  @Test
  void whoTakesFilesAwayByHandDoesNotStopIt() throws IOException {
    write(1);
    setAside();
    write(1);
    try (JournalCursor cursor = JournalCursor.atEnd(directory)) {
      Files.delete(JournalFiles.listAside(directory).getFirst().path());
      write(1);
      setAside();
      write(1);
      assertEquals("line 3", next(cursor));
      assertEquals("line 4", next(cursor));
      assertEquals("none", next(cursor));
      assertFalse(cursor.takeMissed());
    }
  }

  @Test
  void aFileThatWasCutIsReadFromItsEnd() throws IOException {
    write(3);
    try (JournalCursor cursor = JournalCursor.at(directory, new JournalCursor.Position(1, 1_000))) {
      assertEquals("none", next(cursor));
      write(1);
      assertEquals("line 4", next(cursor));
    }
  }

  /// Every line once and in order, whatever is set aside and however often the reader begins anew.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothingIsMissedOrReadTwice(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    JournalCursor cursor = JournalCursor.atEnd(directory);
    int read = 0;
    for (int step = 0; step < 400; step++) {
      switch (random.nextInt(4)) {
        case 0 -> write(random.nextInt(4));
        case 1 -> setAside();
        case 2 -> {
          JournalCursor.Position position = cursor.position();
          cursor.close();
          cursor = JournalCursor.at(directory, position);
        }
        default -> {
          for (int lines = random.nextInt(5); lines > 0; lines--) {
            String line = next(cursor);
            if (!line.equals("none")) {
              assertEquals("line " + ++read, line, "seed=" + seed + " step=" + step);
            }
          }
        }
      }
    }
    for (String line = next(cursor); !line.equals("none"); line = next(cursor)) {
      assertEquals("line " + ++read, line, "seed=" + seed);
    }
    assertEquals(written, read);
    assertFalse(cursor.takeMissed());
    cursor.close();
    assertTrue(List.of(directory.toFile().list()).size() > 1);
  }
}
