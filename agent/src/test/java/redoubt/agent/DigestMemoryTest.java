package redoubt.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.health.HandClock;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Sha256;

class DigestMemoryTest {
  private static final long NANOS_PER_MILLI = 1_000_000;

  @TempDir Path scratch;

  private final HandClock clock = new HandClock();
  private final DigestMemory memory = new DigestMemory(clock);

  @Test
  void aFileThatStayedTheSameIsReadOnce() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "first");
    FileIdentity identity = changedNow();
    clock.pass(Duration.ofSeconds(1));
    Sha256 digest = digest(file, identity);
    Files.delete(file);
    assertEquals(digest, digest(file, identity), "from memory: there is nothing to read");
    assertEquals(Sha256.ofText("first"), digest);
  }

  @Test
  void aFileThatChangedIsReadAgain() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "first");
    clock.pass(Duration.ofSeconds(1));
    FileIdentity first = changedNow();
    clock.pass(Duration.ofSeconds(1));
    digest(file, first);
    Files.writeString(file, "second");
    assertEquals(Sha256.ofText("second"), digest(file, changedNow()));
  }

  @Test
  void whatHasJustChangedIsNotRemembered() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "first");
    FileIdentity young = changedNow();
    digest(file, young);
    Files.writeString(file, "second");
    clock.pass(Duration.ofSeconds(1));
    assertEquals(Sha256.ofText("second"), digest(file, young));
  }

  @Test
  void whatNobodyAsksForIsForgotten() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "first");
    FileIdentity identity = changedNow();
    clock.pass(Duration.ofSeconds(1));
    digest(file, identity);
    memory.begin().close();
    Files.delete(file);
    assertThrows(IOException.class, () -> digest(file, identity));
  }

  private Sha256 digest(Path file, FileIdentity identity) throws IOException {
    try (DigestMemory.Round round = memory.begin()) {
      return round.of(file, identity);
    }
  }

  private FileIdentity changedNow() {
    long now = clock.wallMillis() * NANOS_PER_MILLI;
    return new FileIdentity(1, 2, now, now, 0, 5);
  }
}
