package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.wire.ControlRequest;

/// `top` and `metrics`: who costs what.
final class CostsCommandsTest {
  @TempDir Path temporary;
  private CommandHost host;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
  }

  @Test
  void topShowsWhoUsesWhatAndWhoWaited() throws Exception {
    try (ControlServer server = ControlServer.healthy(host.directories)) {
      CommandHost.Result result = host.run("top");

      assertEquals(ExitCode.OK, result.status(), result.err());
      for (String fact :
          List.of(
              "agent ",
              "scanner ",
              "1.0  ", // 75 s of processor time within 7,500 s
              "48.0 MiB",
              "180 µs",
              "in the last 95 s",
              "40.5 ms",
              "/usr/bin/make",
              "/usr/bin/cc\\u{1b}[31m",
              "(not known)")) {
        assertTrue(result.out().contains(fact), fact + " is missing in\n" + result.out());
      }
      assertFalse(result.out().contains("\u001b"), "no terminal, no colours, no clearing");
      assertEquals(
          List.of(new ControlRequest.Status(), new ControlRequest.HotSpots()),
          server.requests,
          "one look where there is no terminal");
    }
  }

  @Test
  void eachLookIsOneLineOfJson() throws Exception {
    try (ControlServer _ = ControlServer.healthy(host.directories)) {
      List<String> lines =
          host.run("top", "--json", "--looks", "2", "--interval", "1", "--rows", "1")
              .out()
              .lines()
              .toList();

      assertEquals(2, lines.size());
      JsonNode second = new CommandHost.Result(0, lines.getLast(), "").json();
      assertTrue(second.path("intervalMillis").asLong() >= 1_000);
      assertEquals(0, second.path("decided").asLong());
      assertEquals(75_000_000, second.at("/engines/0/costs/cpuMicros").asLong());
      assertEquals("/usr/bin/make", second.at("/hotSpots/programs/0/name").asText());
      assertEquals(1, second.at("/hotSpots/files").size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--interval=0", "--interval=3601", "--rows=51", "--looks=0"})
  void numbersOutOfRangeAreRefused(String option) {
    CommandHost.Result result = host.run("top", option);
    assertEquals(ExitCode.USAGE, result.status());
    assertTrue(result.err().contains("out of range"), result.err());
  }

  @Test
  void metricsAreOpenMetrics() throws Exception {
    try (ControlServer _ = ControlServer.healthy(host.directories)) {
      CommandHost.Result result = host.run("metrics");

      assertEquals(ExitCode.OK, result.status(), result.err());
      for (String line :
          List.of(
              "# TYPE redoubt_engine_cpu_seconds counter",
              "redoubt_engine_cpu_seconds_total{engine=\"scanner\"} 75.0",
              "redoubt_engine_resident_bytes{engine=\"scanner\"} 5.0331648E7",
              "redoubt_engine_dropped_total{engine=\"scanner\"} 7.0",
              "redoubt_engine_filtered_total{engine=\"scanner\"} 11.0",
              "redoubt_engine_answer_latency_seconds{engine=\"scanner\",quantile=\"0.99\"} 0.0011",
              "redoubt_engine_ready{engine=\"scanner\"} 1.0",
              "redoubt_filesystem_covered{fstype=\"nfs4\",mountpoint=\"/mnt/share\"} 0.0",
              "redoubt_protected 1.0")) {
        assertTrue(result.out().contains(line + "\n"), line + " is missing in\n" + result.out());
      }
      assertTrue(result.out().endsWith("# EOF\n"), "the format's own end");
      assertEachNameOnce(result.out());
    }
  }

  /// The format forbids a family that comes twice.
  private static void assertEachNameOnce(String text) {
    Set<String> names = new HashSet<>();
    text.lines()
        .filter(line -> line.startsWith("# TYPE "))
        .forEach(line -> assertTrue(names.add(line.split(" ", 4)[2]), line));
    assertFalse(names.isEmpty());
  }

  /// The tests run as root.
  @Test
  void rootServesNobodyOverTheNetwork() {
    CommandHost.Result result = host.run("metrics", "--listen", "9464");
    assertEquals(ExitCode.PERMISSION, result.status());
    assertTrue(result.err().contains("setpriv"), "what to do: " + result.err());
  }

  @Test
  void withoutAnAgentThereIsNothingToShow() {
    assertEquals(ExitCode.NO_AGENT, host.run("top").status());
    assertEquals(ExitCode.NO_AGENT, host.run("metrics").status());
    assertEquals(ExitCode.USAGE, host.run("metrics", "--json").status());
  }
}
