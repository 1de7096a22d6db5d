package redoubt.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalFileTest {
  private static final int KIB = 1024;
  private static final JournalLimits LIMITS =
      new JournalLimits(16, 64 * KIB, 200 * KIB, Duration.ofSeconds(1));
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-23T01:15:00.5Z"));

  @TempDir Path directory;

  @Test
  void filesAreForTheOwnerAndTheReadingGroupOnly() throws Exception {
    try (JournalFile file = open()) {
      append(file, "{}\n");
      assertEquals("rw-r-----", mode(file.path()));
      assertEquals("rwxr-x---", mode(journal()));
    }
  }

  @Test
  void whatWasThereStaysAndIsContinued() throws Exception {
    try (JournalFile file = open()) {
      append(file, "one\n");
    }
    try (JournalFile file = open()) {
      append(file, "two\n");
      assertEquals(0, file.tornBytes());
      assertEquals("one\ntwo\n", Files.readString(file.path()));
    }
  }

  @Test
  void aTornLastLineIsCutOffAndMeasured() throws Exception {
    Path path = writeBefore("one\n{\"half");
    try (JournalFile file = open()) {
      assertEquals(6, file.tornBytes());
      append(file, "two\n");
      assertEquals("one\ntwo\n", Files.readString(path));
    }
  }

  @Test
  void aFileThatIsOneTornLineIsEmptied() throws Exception {
    Path path = writeBefore("x".repeat(20 * KIB));
    try (JournalFile file = open()) {
      assertEquals(20 * KIB, file.tornBytes());
      assertEquals(0, Files.size(path));
    }
  }

  @Test
  void aSymbolicLinkIsNotFollowed() throws Exception {
    Path target = Files.createFile(directory.resolve("target"));
    Files.createDirectories(journal());
    Files.createSymbolicLink(journal().resolve(JournalFiles.CURRENT), target);
    assertThrows(IOException.class, this::open);
  }

  @Test
  void aLargeFileIsSetAsideUnderItsTimeAndNumber() throws Exception {
    try (JournalFile file = open()) {
      append(file, "x".repeat(64 * KIB - 1) + "\n");
      file.rotateIfLarge();
      append(file, "new\n");
      assertEquals("new\n", Files.readString(file.path()));
      Path aside = journal().resolve("journal-20261123T011500Z-1.jsonl");
      assertEquals(64 * KIB, Files.size(aside));
    }
  }

  @Test
  void theOldestFilesGoWhenTheTotalIsReached() throws Exception {
    try (JournalFile file = open()) {
      for (int i = 0; i < 10; i++) {
        append(file, "x".repeat(64 * KIB - 1) + "\n");
        file.rotateIfLarge();
      }
      List<JournalFiles.Aside> aside = JournalFiles.listAside(journal());
      assertEquals(List.of(8L, 9L, 10L), aside.stream().map(JournalFiles.Aside::number).toList());
    }
  }

  @Test
  void aFailedWriteLeavesOnlyWholeBatchesAndTheNextSucceeds() throws Exception {
    FlakyOpener opener = new FlakyOpener();
    try (JournalFile file = JournalFile.open(journal(), LIMITS, CLOCK, opener)) {
      append(file, "one\n");
    }
    opener.full = true;
    try (JournalFile file = JournalFile.open(journal(), LIMITS, CLOCK, opener)) {
      IOException full = assertThrows(IOException.class, () -> append(file, "two\n"));
      assertTrue(String.valueOf(full.getMessage()).contains("No space left"), full.getMessage());
      opener.full = false;
      append(file, "three\n");
      assertEquals("one\nthree\n", Files.readString(file.path()));
    }
  }

  @Test
  void syncIsOwedOnlyAfterAWrite() throws Exception {
    try (JournalFile file = open()) {
      assertFalse(file.isUnsynced());
      append(file, "one\n");
      assertTrue(file.isUnsynced());
      file.sync();
      assertFalse(file.isUnsynced());
    }
  }

  private Path journal() {
    return directory.resolve("journal");
  }

  private JournalFile open() throws IOException {
    return JournalFile.open(journal(), LIMITS, CLOCK);
  }

  private Path writeBefore(String content) throws IOException {
    Files.createDirectories(journal());
    return Files.writeString(journal().resolve(JournalFiles.CURRENT), content);
  }

  private static void append(JournalFile file, String lines) throws IOException {
    file.append(ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8)));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  /// Opens the real file or, while the disk is said to be full, the kernel's own full device.
  static final class FlakyOpener implements JournalFile.Opener {
    volatile boolean full;

    @Override
    public FileChannel open(Path path) throws IOException {
      if (full) {
        return FileChannel.open(
            Path.of("/dev/full"), StandardOpenOption.READ, StandardOpenOption.WRITE);
      }
      return FileChannel.open(
          path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    }
  }
}
