package redoubt.agent.confinement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.health.HandClock;

/// Needs root, as all that makes special files does.
class EngineOutputTest {
  private static final String PREFIX = "redoubt: engine x: ";

  @TempDir private Path directory;
  private final HandClock clock = new HandClock();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final AtomicInteger floods = new AtomicInteger();
  private final CountDownLatch flooded = new CountDownLatch(1);
  private EngineOutput output;
  private OutputStream engine;

  @BeforeEach
  void open() throws Exception {
    output = EngineOutput.open(directory.resolve("pipe"), log, "x", this::flood, clock);
    engine = Files.newOutputStream(output.pipe());
  }

  @AfterEach
  void close() throws Exception {
    engine.close();
    output.close();
    assertFalse(Files.exists(output.pipe()));
  }

  private void flood() {
    floods.incrementAndGet();
    flooded.countDown();
  }

  @Test
  void linesCarryTheEnginesName() throws Exception {
    print("one\ntwo\n");
    awaitLog(PREFIX + "one\n" + PREFIX + "two\n");
  }

  @Test
  void noCharacterDrivesTheOwnersTerminal() throws Exception {
    print("\u001b[2Jred\r\u0007\u007fé\tx\n");
    awaitLog(PREFIX + "?[2Jred???é\tx\n");
  }

  @Test
  void aLineWithoutEndIsCut() throws Exception {
    print("y".repeat(2_000) + "\n");
    awaitLog(PREFIX + "y".repeat(1_023) + "\n" + PREFIX + "y".repeat(977) + "\n");
  }

  @Test
  void pastTheBudgetTheRestIsDroppedAndSaidSoOnce() throws Exception {
    String line = "z".repeat(99) + "\n";
    print(line.repeat((EngineOutput.BUDGET_BYTES + 20_000) / line.length()));
    awaitLogContains("dropped");
    clock.pass(EngineOutput.WINDOW.plusMillis(1));
    print("shown again\n");
    awaitLogContains("shown again");
    String all = log.toString(StandardCharsets.UTF_8);
    assertEquals(1, all.split("dropped", -1).length - 1);
    assertTrue(all.length() < 3 * EngineOutput.BUDGET_BYTES, "length=" + all.length());
    assertEquals(0, floods.get());
  }

  @Test
  void manyTimesTheBudgetIsAFloodAndReportedOnce() throws Exception {
    print("z".repeat(EngineOutput.FLOOD_BYTES + 100_000));
    assertTrue(flooded.await(10, TimeUnit.SECONDS));
    assertEquals(1, floods.get());
  }

  private void print(String text) throws Exception {
    engine.write(text.getBytes(StandardCharsets.UTF_8));
    engine.flush();
  }

  private void awaitLog(String expected) throws Exception {
    awaitLogContains(expected);
    assertEquals(expected, log.toString(StandardCharsets.UTF_8));
  }

  private void awaitLogContains(String expected) throws Exception {
    for (int i = 0; i < 1_000 && !log.toString(StandardCharsets.UTF_8).contains(expected); i++) {
      Thread.sleep(10);
    }
    assertTrue(
        log.toString(StandardCharsets.UTF_8).contains(expected),
        () -> log.toString(StandardCharsets.UTF_8));
  }
}
