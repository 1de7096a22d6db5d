package redoubt.agent.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HostCommandsTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void whatAProgramPrintsIsTaken() throws Exception {
    List<String> lines = new ArrayList<>();
    HostCommands.asChildren().run(List.of("/bin/sh", "-c", "echo one; echo two"), LONG, lines::add);
    assertEquals(List.of("one", "two"), lines);
  }

  /// A shell that is ended leaves what it has started behind, which holds the pipe: nobody waits
  /// for that, and it does not go on.
  @Test
  void whatAProgramStartedIsEndedWithIt() throws Exception {
    List<String> lines = new ArrayList<>();
    assertTimeoutPreemptively(
        LONG,
        () ->
            HostCommands.asChildren()
                .run(
                    List.of("/bin/sh", "-c", "sh -c 'sleep 60 & echo $!; wait; :'; echo never"),
                    Duration.ofSeconds(1),
                    lines::add));
    Optional<ProcessHandle> left = ProcessHandle.of(Long.parseLong(lines.getFirst()));
    if (left.isPresent()) {
      left.get().onExit().get(LONG.toSeconds(), TimeUnit.SECONDS);
    }
    assertEquals(1, lines.size());
  }
}
