package redoubt.agent.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs of the host that the spawner runs to their end.
final class SpawnerTest {
  private static final Path SCRIPT = Path.of("../packaging/libexec/redoubt-spawner");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path temporary;
  private Spawner spawner;
  private Path output;

  @BeforeEach
  void open() throws IOException {
    spawner = Spawner.open(SCRIPT, temporary);
    output = temporary.resolve("output");
  }

  @AfterEach
  void close() {
    spawner.close();
  }

  @Test
  void whatAProgramPrintsIsTakenAsItIs() throws IOException {
    List<String> lines =
        spawner.run(
            List.of("/bin/sh", "-c", "printf '%s\\n\\n' \"$@\"", "sh", "a b", "[%{NAME}\\t*]"),
            output,
            LIMIT);

    assertEquals(List.of("a b", "[%{NAME}\\t*]"), lines);
    assertFalse(Files.exists(output));
  }

  @Test
  void oneThatFailsSaysNothing() {
    IOException failed =
        assertThrows(
            IOException.class,
            () -> spawner.run(List.of("/bin/sh", "-c", "echo some; exit 3"), output, LIMIT));
    assertTrue(String.valueOf(failed.getMessage()).contains("status=3"), failed::toString);
    assertFalse(Files.exists(output));
  }

  @Test
  void oneThatHangsIsGivenUp() throws IOException {
    assertThrows(
        IOException.class,
        () -> spawner.run(List.of("/bin/sleep", "60"), output, Duration.ofMillis(200)));
    assertEquals(List.of("next"), spawner.run(List.of("/bin/echo", "next"), output, LIMIT));
  }
}
