package redoubt.agent.confinement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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

  private List<String> run(String... command) throws IOException {
    List<String> lines = new ArrayList<>();
    spawner.run(List.of(command), output, LIMIT, lines::add);
    return lines;
  }

  @Test
  void whatAProgramPrintsIsTakenAsItIs() throws IOException {
    assertEquals(
        List.of("a b", "", "[%{NAME}\\t*]", ""),
        run("/bin/sh", "-c", "printf '%s\\n\\n' \"$@\"", "sh", "a b", "[%{NAME}\\t*]"));
    assertFalse(Files.exists(output));
  }

  @Test
  void oneThatFailsSaysNothing() {
    IOException failed =
        assertThrows(IOException.class, () -> run("/bin/sh", "-c", "echo some; exit 3"));
    assertTrue(String.valueOf(failed.getMessage()).contains("status=3"), failed::toString);
    assertFalse(Files.exists(output));
  }

  @Test
  void oneThatHangsIsGivenUp() throws IOException {
    assertThrows(
        IOException.class,
        () -> spawner.run(List.of("/bin/sleep", "60"), output, Duration.ofMillis(200), _ -> {}));
    assertEquals(List.of("next"), run("/bin/echo", "next"));
  }

  @Test
  void whatItStartedIsEndedWithOneThatHangs() throws Exception {
    Path started = temporary.resolve("started");
    String script = "sleep 60 & echo $! >\"$0\"; wait; echo never";
    assertThrows(
        IOException.class,
        () ->
            spawner.run(
                List.of("/bin/sh", "-c", script, started.toString()),
                output,
                Duration.ofSeconds(2),
                _ -> {}));
    long pid = Long.parseLong(Files.readString(started).strip());
    Optional<ProcessHandle> left = ProcessHandle.of(pid);
    if (left.isPresent()) {
      left.get().onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
  }
}
