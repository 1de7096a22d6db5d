package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// An engine that takes its time for a scan holds up nobody but whoever asked for it.
class SlowScansTest {
  private static final Duration PACE = Duration.ofSeconds(2);
  private static final Duration AT_ONCE = Duration.ofMillis(500);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final JsonMapper JSON = new JsonMapper();

  private static TestEngines engines;
  private static ScratchFileSystem scratch;
  private static RunningAgent agent;

  @BeforeAll
  static void startAgent() throws Exception {
    engines = new TestEngines();
    scratch = ScratchFileSystem.ext4(32);
    agent = RunningAgent.start(scratch, "--engine", engines.remembering("slow", PACE, "evil"));
  }

  @AfterAll
  static void stopAgent() throws Exception {
    agent.close();
    scratch.close();
    engines.close();
  }

  private static CompletableFuture<JsonNode> scan(Path file) {
    return CompletableFuture.supplyAsync(() -> {
      Outcome outcome = agent.command("scan", "--json", file);
      try {
        return JSON.readTree(outcome.output().lines().toList().getLast()).path("summary");
      } catch (Exception e) {
        throw new IllegalStateException(outcome.toString(), e);
      }
    });
  }

  private static long asked() throws Exception {
    for (JsonNode engine : agent.status().path("engines")) {
      if (engine.path("id").asText().equals("slow")) {
        return engine.path("asked").asLong();
      }
    }
    throw new AssertionError("the engine is gone" + agent.log());
  }

  /// The lease on the file is given up, and what is said of it counts for nothing later.
  @Test
  void aWriterGetsTheFileWhileItIsScanned() throws Exception {
    Path file = Files.writeString(scratch.path("written"), "before");
    Thread.sleep(50);
    long before = asked();
    CompletableFuture<JsonNode> scanned = scan(file);
    Await.until("the scan", LIMIT, () -> asked() > before);
    long begun = System.nanoTime();
    Files.writeString(file, "after", StandardOpenOption.APPEND);
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertTrue(!scanned.isDone(), "the scan was over before");
    assertTrue(took.compareTo(AT_ONCE) < 0, "took=" + took);
    assertEquals(1, scanned.join().path("clean").asInt());
    assertEquals(0, scan(file).join().path("known").asInt());
    assertEquals(1, scan(file).join().path("known").asInt());
  }

  @Test
  void theOwnerIsAnsweredWhileFilesAreScanned() throws Exception {
    Path file = Files.writeString(scratch.path("waited"), "text");
    long before = asked();
    CompletableFuture<JsonNode> scanned = scan(file);
    Await.until("the scan", LIMIT, () -> asked() > before);
    assertEquals("enforcing", agent.state());
    assertTrue(!scanned.isDone(), "the scan was over before");
    assertEquals(1, scanned.join().path("files").asInt());
    assertEquals("enforcing", agent.state());
  }

  @Test
  void whatASlowEngineFindsIsFound() throws Exception {
    Path file = Files.writeString(scratch.path("evil"), "text");
    JsonNode summary = scan(file).join();
    assertEquals(1, summary.path("found").asInt(), summary::toString);
  }
}
