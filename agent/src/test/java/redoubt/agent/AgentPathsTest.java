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
    own.stream().skip(2).forEach(path -> assertTrue(Files.exists(path), path.toString()));
    assertEquals(5, own.size());
  }

  @Test
  void anInstallationHasNoneBesideItself() {
    List<Path> own = AgentPaths.of(Map.of("REDOUBT_HOME", "/home")).ownFiles();
    assertEquals(2, own.size());
    assertFalse(own.contains(Path.of("/home/redoubt")), "it is below /home");
  }
}
