package redoubt.server.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import redoubt.core.wire.EngineReport;
import redoubt.core.wire.HostMessage;

class EngineRoutesTest {
  private static EngineReport report(String name, String version, long cpuMicros, long found) {
    return new EngineReport(
        name, "acme", version, 100, 2, 1, found, 0, cpuMicros, 50L << 20, 70, 400);
  }

  private static JsonNode asked(HostMessage.Engines... hosts) {
    return new EngineRoutes(() -> List.of(hosts)).list().path("engines");
  }

  @Test
  void eachVersionStandsOnItsOwn() {
    JsonNode engines =
        asked(
            new HostMessage.Engines(
                100, List.of(report("scanner", "1", 1_000_000, 3), report("sigma", "1", 0, 0))),
            new HostMessage.Engines(100, List.of(report("scanner", "1", 3_000_000, 4))),
            new HostMessage.Engines(200, List.of(report("scanner", "1", 4_000_000, 0))),
            new HostMessage.Engines(100, List.of(report("scanner", "2", 0, 1))));
    assertEquals(3, engines.size());
    JsonNode first = engines.get(0);
    assertEquals("scanner", first.path("engine").asText());
    assertEquals("1", first.path("version").asText());
    assertEquals(3, first.path("hosts").asInt());
    assertEquals(2.0, first.path("cpuPercent").path("median").asDouble(), 1e-9);
    assertEquals(3.0, first.path("cpuPercent").path("most").asDouble(), 1e-9);
    assertEquals(50, first.path("memoryMiB").path("median").asInt());
    assertEquals(400, first.path("p99Micros").path("most").asInt());
    assertEquals(7, first.path("found").asLong());
    assertEquals(300, first.path("asked").asLong());
    assertEquals("sigma", engines.get(2).path("engine").asText());
  }

  @Test
  void aHostThatLiesHasNoMoreThanItsPart() {
    EngineReport lie =
        new EngineReport(
            "scanner",
            "acme",
            "1",
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            0,
            0,
            Integer.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            0,
            Long.MAX_VALUE);
    JsonNode engine =
        asked(
                new HostMessage.Engines(0, List.of(lie)),
                new HostMessage.Engines(100, List.of(report("scanner", "1", 1_000_000, 3))),
                new HostMessage.Engines(100, List.of(report("scanner", "1", 1_000_000, 3))))
            .get(0);
    assertEquals(1.0, engine.path("cpuPercent").path("median").asDouble(), 1e-9);
    assertEquals(50, engine.path("memoryMiB").path("median").asInt());
    assertEquals(Long.MAX_VALUE, engine.path("asked").asLong());
  }

  @Test
  void manyNamesAreCut() {
    HostMessage.Engines[] hosts =
        IntStream.range(0, 50)
            .mapToObj(host ->
                new HostMessage.Engines(
                    1,
                    IntStream.range(0, 64)
                        .mapToObj(i -> report("engine-" + host + "-" + i, "1", 0, 0))
                        .toList()))
            .toArray(HostMessage.Engines[]::new);
    assertEquals(1_000, asked(hosts).size());
    assertTrue(asked().isEmpty());
  }
}
