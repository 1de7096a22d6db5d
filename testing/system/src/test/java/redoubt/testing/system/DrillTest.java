package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Outages of others, replayed as an owner does it. The whole list is a matter of minutes, so it
/// stands in a campaign.
class DrillTest {
  private static final Duration LIMIT = Duration.ofMinutes(6);

  private static JsonNode drill(Object... words) throws IOException {
    List<Object> command = new ArrayList<>(List.of(Distribution.frontDoor(), "drill", "--json"));
    Collections.addAll(command, words);
    Outcome outcome = Outcome.within(LIMIT, command.toArray());
    int begin = outcome.output().indexOf('[');
    assertTrue(begin >= 0, outcome::toString);
    return new JsonMapper().readTree(outcome.output().substring(begin));
  }

  private static void requireStopped(JsonNode results, String... stages) {
    assertEquals(stages.length, results.size(), results::toString);
    for (int i = 0; i < stages.length; i++) {
      JsonNode result = results.get(i);
      assertTrue(result.get("survived").asBoolean(), result::toString);
      assertEquals(stages[i], result.get("stage").asText(), result::toString);
    }
  }

  @Test
  void outagesAreStoppedWhereTheyAreToBe() throws Exception {
    JsonNode results =
        drill(
            "stolen-vendor-key",
            "cloudflare-2025",
            "half-written",
            "mcafee-5958",
            "unseen-crash",
            "boot-crash",
            "defender-linux-2026");
    requireStopped(
        results, "trust", "admission", "admission", "trial", "probation", "start", "start");
    for (JsonNode result : results) {
      assertEquals(0, result.get("denied").asLong(), result::toString);
    }
  }

  @Test
  void whatOneStageWouldStopTheNextOneStops() throws Exception {
    requireStopped(drill("--without", "admission", "load-crash"), "trial");
    requireStopped(drill("--without", "trial", "defender-asr-2023"), "probation");
  }
}
