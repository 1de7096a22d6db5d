package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Who costs what, on a real host: the engine's processor time and memory, the programs and files
/// that waited, and all of it as metrics over HTTP.
class AccountsTest {
  private static final int STARTS = 300;
  private static final JsonMapper JSON = new JsonMapper();

  private static ScratchFileSystem scratch;
  private static RunningAgent agent;

  @BeforeAll
  static void start() throws Exception {
    scratch = ScratchFileSystem.ext4(64);
    agent = RunningAgent.start(scratch);
    for (int i = 0; i < STARTS; i++) {
      Outcome.of(scratch.program("program-" + i, Specimen.SCRIPT.good())).requireSuccess();
    }
    Path bad = scratch.program("bad", Specimen.SCRIPT.bad());
    assertTrue(Outcome.of(bad).denied());
    agent.awaitDecision(bad);
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    scratch.close();
  }

  @Test
  void topNamesTheEngineThatWorkedAndTheFilesThatWaited() throws Exception {
    JsonNode top =
        JSON.readTree(agent.command("top", "--json", "--rows", "50").requireSuccess().output());

    assertTrue(top.path("decided").asLong() > STARTS, top::toString);
    assertEquals(1, top.path("denied").asLong());
    JsonNode costs = top.at("/engines/0/costs");
    assertTrue(costs.path("cpuMicros").asLong() > 10_000, costs::toString);
    assertTrue(costs.path("residentBytes").asLong() > 10_000_000, costs::toString);
    assertTrue(costs.path("processes").asInt() >= 1, costs::toString);
    assertEquals(0, costs.path("dropped").asLong());
    JsonNode files = top.at("/hotSpots/files");
    assertEquals(50, files.size());
    assertTrue(
        StreamSupport.stream(files.spliterator(), false)
            .anyMatch(file -> file.path("name").asText().contains("program-")),
        files::toString);
    assertTrue(top.at("/hotSpots/programs/0/waitedMicros").asLong() > 0, top::toString);
  }

  @Test
  void whoeverMayReadTheSocketServesMetricsWithoutBeingRoot() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=0", // the group of the socket where there is no group `redoubt`
                "--clear-groups",
                "--bounding-set=-all",
                "--inh-caps=-all",
                Distribution.frontDoor().toString(),
                "metrics",
                "--listen",
                "0"));
    builder.environment().putAll(agent.environment());
    Process server = builder.redirectErrorStream(true).start();
    try (BufferedReader lines = server.inputReader();
        HttpClient client = HttpClient.newHttpClient()) {
      String line = lines.readLine();
      assertTrue(line != null && line.startsWith("serving http://"), "printed: " + line);
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(line.substring("serving ".length())))
              .header("Accept", "application/openmetrics-text; version=1.0.0")
              .build();
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertEquals(200, response.statusCode());
      assertTrue(
          response.headers().firstValue("Content-Type").orElse("").contains("openmetrics-text"));
      assertTrue(response.body().contains("redoubt_engine_ready{engine=\"scanner\"} 1.0"));
      assertTrue(response.body().contains("redoubt_denied_total 1.0"), response::body);
      assertTrue(response.body().endsWith("# EOF\n"));
    } finally {
      server.destroyForcibly().waitFor();
    }
    assertFalse(server.isAlive());
  }
}
