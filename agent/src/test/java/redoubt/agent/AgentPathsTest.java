package redoubt.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentPathsTest {
  @Test
  void whatIsTypedInACheckoutIsOurOwn() {
    Path checkout = Path.of("..").toAbsolutePath().normalize();
    List<Path> own =
        AgentPaths.of(Map.of("REDOUBT_HOME", "/home", "REDOUBT_CHECKOUT", checkout.toString()))
            .ownFiles();
    assertTrue(own.contains(checkout.resolve("redoubt")));
    own.stream().skip(3).forEach(path -> assertTrue(Files.exists(path), path.toString()));
    assertEquals(6, own.size());
  }

  @Test
  void anInstallationHasNoneBesideItself() {
    List<Path> own = AgentPaths.of(Map.of("REDOUBT_HOME", "/home")).ownFiles();
    assertEquals(3, own.size());
    assertFalse(own.contains(Path.of("/home/redoubt")), "it is below /home");
    assertTrue(own.contains(Path.of("/var/lib/redoubt/platform")));
  }

  @Test
  void aReleaseInASlotKnowsTheInstallationTooAsItsOwn() {
    AgentPaths paths =
        AgentPaths.of(
            Map.of(
                "REDOUBT_HOME",
                "/state/platform/slot-a",
                "REDOUBT_STATE_DIR",
                "/state",
                "REDOUBT_INSTALLED",
                "/usr/lib/redoubt"));
    assertTrue(paths.ownFiles().contains(Path.of("/usr/lib/redoubt")));
    assertTrue(paths.ownFiles().contains(paths.home()));
  }
}
