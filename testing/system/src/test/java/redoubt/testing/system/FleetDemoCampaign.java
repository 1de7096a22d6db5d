package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// `redoubt fleet demo` as a newcomer types it: a server, three real agents in network namespaces,
/// a good update and a bad one.
class FleetDemoCampaign {
  private static final Duration LIMIT = Duration.ofMinutes(12);

  @Test
  void theGoodUpdateReachesAllAndTheBadOneStaysWithTheFirst() throws Exception {
    Path folder = Folders.make("redoubt-demo-said-");
    Path said = folder.resolve("said");
    Process demo =
        new ProcessBuilder(Distribution.frontDoor().toString(), "fleet", "demo", "--json")
            .redirectOutput(said.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertTrue(demo.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), "it does not end");
    assertEquals(0, demo.exitValue());
    JsonNode outcome = new JsonMapper().readTree(said.toFile());
    assertEquals(3, outcome.path("good").path("well").asInt());
    assertEquals(1, outcome.path("bad").path("hosts").asInt());
    assertEquals("rolling-back", outcome.path("bad").path("state").asText());
    Outcome.of("rm", "-rf", folder).requireSuccess();
  }
}
