package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `simulate`, on few hosts.
final class SimulateCommandTest {
  @TempDir Path temporary;
  private CommandHost host;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
  }

  @Test
  void julyIsToldToPeople() throws Exception {
    CommandHost.Result result = host.run("simulate", "--hosts", "5000");
    assertEquals(ExitCode.OK, result.status());
    assertTrue(result.out().contains("hosts that activated it"), result.out());
    assertTrue(result.out().contains("8,500,000"), "what was published stands beside it");
    assertTrue(result.out().contains("Nobody had to do anything."), result.out());
    assertEquals("", result.err());
  }

  @Test
  void julyIsToldToPrograms() throws Exception {
    JsonNode node =
        host.run("simulate", "--scenario", "2024-07-19", "--hosts", "5000", "--seed", "3", "--json")
            .json();
    assertTrue(node.path("hostsExposed").asInt() <= 5);
    assertEquals(0, node.path("hostsLost").asInt(-1));
    assertTrue(node.path("haltedAfterSeconds").asInt() <= 120);
    assertTrue(node.path("recoveredAfterSeconds").isInt());
    assertTrue(node.path("coveredAfterSeconds").isNull());
    assertEquals("BAD_HEALTH", node.path("halt").path("reason").asText());
    assertEquals(5_000, node.path("hosts").asInt());
  }

  @Test
  void aLostHostIsAnExitStatus() throws Exception {
    CommandHost.Result result =
        host.run("simulate", "--scenario", "dead-on-activation", "--hosts", "5000");
    assertEquals(ExitCode.NO, result.status());
    assertTrue(result.out().contains("repaired by hand"), result.out());
  }

  @Test
  void whatHappensWithoutControlCanBeSeenBesideIt() throws Exception {
    Path file = temporary.resolve("hosts.svg");
    CommandHost.Result result =
        host.run(
            "simulate",
            "--hosts",
            "5000",
            "--as-it-happened",
            "--picture",
            file.toString(),
            "--json");
    assertTrue(result.json().path("withoutRolloutControl").path("hostsLost").asInt() > 2_500);
    assertTrue(Files.readString(file).contains("lost without rollout control"));
  }

  @Test
  void manySeedsAreSummedUp() throws Exception {
    CommandHost.Result result = host.run("simulate", "--seeds", "20", "--channel", "emergency");
    assertEquals(ExitCode.OK, result.status());
    assertTrue(result.out().contains("20 of 20 runs were stopped."), result.out());
    JsonNode node = host.run("simulate", "--seeds", "20", "--json").json();
    assertTrue(node.path("hostsExposed").path("most").asInt() <= 5);
  }

  @Test
  void scenariosAreListed() throws Exception {
    CommandHost.Result result = host.run("simulate", "--list");
    assertTrue(result.out().contains("2024-07-19"), result.out());
    assertFalse(host.run("simulate", "--list", "--json").json().path("scenarios").isEmpty());
  }

  @Test
  void whatCannotBeIsRefusedBeforeAnythingRuns() throws Exception {
    assertEquals(ExitCode.USAGE, host.run("simulate", "--scenario", "none").status());
    assertEquals(ExitCode.USAGE, host.run("simulate", "--hosts", "0").status());
    assertEquals(ExitCode.USAGE, host.run("simulate", "--liars", "101").status());
    assertEquals(ExitCode.USAGE, host.run("simulate", "--picture", "hosts.gif").status());
    assertEquals(
        ExitCode.USAGE,
        host.run("simulate", "--seeds", "2", "--scenario", "telemetry-down").status());
  }
}
