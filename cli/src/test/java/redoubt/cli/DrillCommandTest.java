package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `drill`, but for the drills.
final class DrillCommandTest {
  private static final int LEAST_DRILLS = 20;

  @TempDir Path temporary;
  private CommandHost host;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
  }

  @Test
  void allDrillsCanBeListed() throws Exception {
    CommandHost.Result list = host.run("drill", "--list");
    assertEquals(ExitCode.OK, list.status());
    assertTrue(list.out().contains("channel-file-291"), list.out());
    JsonNode drills = host.run("drill", "--list", "--json").json();
    Set<String> names = new HashSet<>();
    for (JsonNode drill : drills) {
      names.add(drill.get("name").asText());
      assertTrue(
          Set.of("trust", "admission", "trial", "probation", "start")
              .contains(drill.get("designed").asText()),
          drill::toString);
    }
    assertEquals(drills.size(), names.size(), "each has a name of its own");
    assertTrue(drills.size() >= LEAST_DRILLS);
  }

  @Test
  void whoNamesNoneIsToldHow() throws Exception {
    CommandHost.Result result = host.run("drill");
    assertEquals(ExitCode.USAGE, result.status());
    assertTrue(result.err().contains("--list"), result.err());
  }

  @Test
  void anUnknownDrillOrStageIsUsage() throws Exception {
    CommandHost.Result drill = host.run("drill", "channel-file-292");
    assertEquals(ExitCode.USAGE, drill.status());
    assertTrue(drill.err().contains("channel-file-292"), drill.err());
    CommandHost.Result stage = host.run("drill", "--without", "luck", "tomorrow");
    assertEquals(ExitCode.USAGE, stage.status());
    assertTrue(stage.err().contains("luck"), stage.err());
  }
}
