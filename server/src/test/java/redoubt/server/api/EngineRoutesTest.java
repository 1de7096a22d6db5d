package redoubt.server.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.wire.EngineReport;
import redoubt.core.wire.HostInventory;
import redoubt.core.wire.HostMessage;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.server.identity.DocumentSigner;
import redoubt.server.made.Storage;
import redoubt.server.store.Database;
import redoubt.server.store.HostStore;
import redoubt.server.store.Mark;
import redoubt.server.store.MarkStore;
import redoubt.server.store.ObjectionStore;
import redoubt.server.store.RecordStore;
import redoubt.server.store.TokenStore;
import redoubt.server.store.TokenTerms;

class EngineRoutesTest {
  private static EngineReport report(String name, String version, long cpuMicros, long found) {
    return new EngineReport(
        name, "acme", version, 100, 2, 1, found, 0, cpuMicros, 50L << 20, 70, 400);
  }

  private static final List<Octets> FOUND =
      List.of(
          Octets.of(
              "{\"class_uid\":2004,\"finding_info\":{\"analytic\":{\"name\":\"odd\"}},\"unmapped\":{\"engine\":\"sigma\"}}"
                  .getBytes(StandardCharsets.UTF_8)));

  @TempDir Path folder;
  private Database database;

  @BeforeEach
  void open() {
    database = Storage.FILE.open(folder);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private JsonNode asked(HostMessage.Engines... hosts) throws IOException {
    Map<HostId, HostMessage.Engines> all = new HashMap<>();
    for (HostMessage.Engines host : hosts) {
      all.put(new HostId(1, all.size()), host);
    }
    return new EngineRoutes(
            () -> all,
            new ObjectionStore(database),
            DocumentSigner.in(folder),
            InstantSource.fixed(Instant.EPOCH))
        .list(30)
        .path("engines");
  }

  @Test
  void eachVersionStandsOnItsOwn() throws Exception {
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
    assertEquals(0, first.path("lately").path("falsePositives").asInt(-1));
    assertEquals("sigma", engines.get(2).path("engine").asText());
  }

  @Test
  void aHostThatLiesHasNoMoreThanItsPart() throws Exception {
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
  void manyNamesAreCut() throws Exception {
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

  @Test
  void anEngineCountsOnceOnAHost() throws Exception {
    EngineReport report = report("scanner", "1", 1_000_000, 3);
    JsonNode engines =
        asked(
            new HostMessage.Engines(
                100, List.of(report, report, report("scanner", "2", 0, 0), report)),
            new HostMessage.Engines(100, List.of(report)));
    assertEquals(1, engines.size());
    assertEquals(2, engines.get(0).path("hosts").asInt());
  }

  @Test
  void whatIsOnMostHostsStaysWhereThereIsNoRoom() throws Exception {
    HostMessage.Engines[] hosts = new HostMessage.Engines[20];
    for (int host = 0; host < hosts.length; host++) {
      List<EngineReport> reports = new ArrayList<>(List.of(report("zeal", "1", 0, 0)));
      for (int i = 1; i < 64; i++) {
        reports.add(report("a" + host + "-" + i, "1", 0, 0));
      }
      hosts[host] = new HostMessage.Engines(1, reports);
    }
    JsonNode engines = asked(hosts);
    assertEquals(1_000, engines.size());
    assertEquals("zeal", engines.get(engines.size() - 1).path("engine").asText());
  }

  @Test
  void whatItSaidLatelyStandsBesideIt() throws Exception {
    new RecordStore(database).keep(host(Instant.EPOCH), 0, FOUND, Instant.EPOCH);
    new MarkStore(database).add(new Mark.Terms("sigma", "odd", "", ""), "ada", Instant.EPOCH);
    JsonNode lately =
        asked(new HostMessage.Engines(100, List.of(report("sigma", "1", 0, 0))))
            .get(0)
            .path("lately");
    assertEquals(1, lately.path("found").asLong());
    assertEquals(1, lately.path("falsePositives").asLong());
  }

  private HostId host(Instant now) {
    return new HostStore(database)
        .enrol(
            new TokenStore(database, Sha256.ofText("authority"))
                .make(
                    new TokenTerms("", DeviceClass.SERVER, Optional.empty(), Duration.ofHours(1)),
                    "ada",
                    now)
                .secret(),
            new HostInventory("one", "Debian", "6.1", "x86_64", "", 2, 4_000, "0.1.0"),
            id -> new HostStore.Certified("5e", now.plusSeconds(3_600)),
            now)
        .id();
  }
}
