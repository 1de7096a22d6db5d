package redoubt.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.wire.HostInventory;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.server.made.Storage;
import redoubt.server.store.ObjectionStore.Sum;

/// What engines say against something is counted once, and marks count against whoever said it.
@ParameterizedClass
@EnumSource
class MarkStoreTest {
  private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
  private static final String DIGEST = "9f".repeat(32);

  @Parameter Storage storage;
  @TempDir Path folder;

  private Database database;
  private RecordStore records;
  private MarkStore marks;
  private ObjectionStore objections;

  @BeforeEach
  void open() {
    database = storage.open(folder);
    records = new RecordStore(database);
    marks = new MarkStore(database);
    objections = new ObjectionStore(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private HostId host(String name) {
    return new HostStore(database)
        .enrol(
            new TokenStore(database, Sha256.ofText("authority"))
                .make(
                    new TokenTerms("", DeviceClass.SERVER, Optional.empty(), Duration.ofHours(1)),
                    "ada",
                    NOW)
                .secret(),
            new HostInventory(name, "Debian", "6.1", "x86_64", "", 2, 4_000, "0.1.0"),
            id -> new HostStore.Certified(name, NOW.plusSeconds(3_600)),
            NOW)
        .id();
  }

  private void keep(HostId host, long first, Instant at, String... lines) {
    records.keep(
        host,
        first,
        Arrays.stream(lines).map(line -> Octets.of(line.getBytes(StandardCharsets.UTF_8))).toList(),
        at);
  }

  private static String finding(String engine, String rule, String path) {
    return ("{'class_uid':2004,'finding_info':{'analytic':{'name':'" + rule + "'}},")
            .replace('\'', '"')
        + ("'evidences':[{'file':{'path':'" + path + "'},'process':{'path':'/bin/sh'}}],")
            .replace('\'', '"')
        + ("'unmapped':{'engine':'" + engine + "'}}").replace('\'', '"');
  }

  private static String decision(String... opinions) {
    return ("{'class_uid':1007,'process':{'file':{'path':'/opt/tool','hashes':[{'value':'"
            + DIGEST
            + "'}]}},'unmapped':{'opinions':["
            + String.join(",", opinions)
            + "]}}")
        .replace('\'', '"');
  }

  private static String says(String engine, String verdict) {
    return "{'engine':'" + engine + "','verdict':'" + verdict + "','rule':'listed'}";
  }

  private Map<String, Sum> sums() {
    return objections.sums(30, NOW);
  }

  private Mark mark(String engine, String rule, String subject) {
    return marks.add(new Mark.Terms(engine, rule, subject, "ours"), "ada", NOW);
  }

  @Test
  void everyEngineIsCountedAlikeAndEachLineOnce() {
    HostId one = host("one");
    String[] lines = {
      finding("sigma", "odd", "/opt/x"),
      finding("sigma", "odd", "/opt/x"),
      decision(says("scanner", "DENY"), says("acme", "DENY"), says("third", "ALLOW")),
      decision(says("scanner", "ALLOW")),
      "{\"class_uid\":6002}",
      "DENY"
    };
    keep(one, 0, NOW, lines);
    keep(one, 0, NOW, lines);
    keep(one, 6, NOW, finding("sigma", "odd", "/opt/x"));
    assertEquals(
        Map.of("sigma", new Sum(0, 3, 0), "scanner", new Sum(1, 0, 0), "acme", new Sum(1, 0, 0)),
        sums());
    assertEquals(Optional.of(LocalDate.of(2026, 12, 1)), objections.since());
  }

  @Test
  void aMarkCountsOnEveryHostAndIsTakenBack() {
    HostId one = host("one");
    HostId two = host("two");
    keep(
        one,
        0,
        NOW,
        finding("sigma", "odd", "/opt/x"),
        finding("sigma", "odd", "/opt/y"),
        finding("sigma", "other", "/opt/x"),
        finding("acme", "odd", "/opt/x"),
        decision(says("scanner", "DENY"), says("acme", "DENY")));
    keep(two, 0, NOW, finding("sigma", "odd", "/opt/x"));
    Mark ofFile = mark("sigma", "odd", "/opt/x");
    assertEquals(new Sum(0, 4, 2), sums().get("sigma"));
    assertEquals(new Sum(1, 1, 0), sums().get("acme"));
    Mark ofRule = mark("sigma", "odd", "");
    assertEquals(new Sum(0, 4, 3), sums().get("sigma"), "nothing counts twice");
    mark("scanner", "listed", DIGEST.toUpperCase(java.util.Locale.ROOT));
    assertEquals(new Sum(1, 0, 1), sums().get("scanner"));
    assertEquals(new Sum(1, 1, 0), sums().get("acme"));
    // What comes later counts too.
    keep(two, 1, NOW, finding("sigma", "odd", "/opt/z"));
    assertEquals(new Sum(0, 5, 4), sums().get("sigma"));
    marks.remove(ofRule.id(), "ada", NOW);
    assertEquals(new Sum(0, 5, 2), sums().get("sigma"), "what is marked by itself stays so");
    marks.remove(ofFile.id(), "ada", NOW);
    assertEquals(new Sum(0, 5, 0), sums().get("sigma"));
    assertThrows(RefusedException.class, () -> marks.remove(ofFile.id(), "ada", NOW));
    assertEquals(Optional.empty(), new AuditTrail(database).firstBroken());
  }

  @Test
  void marksAreKeptAndSaidOnce() {
    Mark first = mark("sigma", "odd", "/opt/x");
    Mark second = mark("sigma", "odd", "");
    assertThrows(RefusedException.class, () -> mark("sigma", "odd", "/opt/x"));
    close();
    open();
    assertEquals(List.of(first, second), marks.list(0, 10));
    assertEquals(List.of(second), marks.list(first.id() + 1, 10));
    assertEquals(List.of(first), marks.list(0, 1));
    Objection said = Objection.ofFinding(finding("sigma", "odd", "/opt/y")).orElseThrow();
    assertEquals(List.of(second), marks.covering(List.of(said, said)));
    assertEquals(List.of(), marks.covering(List.of()));
  }

  /// Whatever a host invents, the others have room, and all of it is counted for its engine.
  @Test
  void aHostHasRoomForAPartOfWhatADayTellsApart() {
    HostId one = host("one");
    HostId two = host("two");
    String[] invented = new String[ObjectionStore.MOST_OF_HOST + 300];
    for (int i = 0; i < invented.length; i++) {
      invented[i] = finding("sigma", "rule-" + i, "/opt/x");
    }
    keep(one, 0, NOW, invented);
    keep(one, 1_000, NOW, invented);
    assertEquals(new Sum(0, 2L * invented.length, 0), sums().get("sigma"));
    assertEquals(ObjectionStore.MOST_OF_HOST + 1, rows());
    keep(two, 0, NOW, finding("sigma", "rule-400", "/opt/x"));
    mark("sigma", "rule-400", "/opt/x");
    mark("sigma", "rule-0", "/opt/x");
    mark("sigma", "", "");
    assertEquals(new Sum(0, 2L * invented.length + 1, 3), sums().get("sigma"));
    String[] engines = new String[1_000];
    for (int i = 0; i < engines.length; i++) {
      engines[i] = finding("engine-" + i, "odd", "/opt/x");
    }
    keep(one, 2_000, NOW, engines);
    assertEquals(
        ObjectionStore.MOST_OF_HOST + ObjectionStore.MOST_ENGINES_OF_HOST + 1, rows(), "no more");
  }

  private int rows() {
    return database.transaction(in -> in.fetchCount(Tables.Objections.TABLE));
  }

  @Test
  void anEngineObjectsOnceToOneThing() {
    HostId one = host("one");
    String[] opinions = new String[500];
    Arrays.fill(opinions, 0, 250, says("acme", "DENY"));
    for (int i = 250; i < opinions.length; i++) {
      opinions[i] = says("engine-" + i, "DENY");
    }
    keep(one, 0, NOW, decision(opinions));
    assertEquals(new Sum(1, 0, 0), sums().get("acme"));
    assertEquals(64, sums().size());
  }

  @Test
  void whatIsLongAgoIsNotCountedAndThenForgotten() {
    HostId one = host("one");
    Instant before = NOW.minus(Duration.ofDays(40));
    keep(one, 0, before, finding("sigma", "odd", "/opt/x"));
    keep(one, 1, NOW, finding("sigma", "odd", "/opt/x"));
    assertEquals(new Sum(0, 1, 0), sums().get("sigma"));
    assertEquals(new Sum(0, 2, 0), objections.sums(50, NOW).get("sigma"));
    assertEquals(Map.of(), objections.sums(30, before.minus(Duration.ofDays(1))), "days to come");
    Instant later = before.plus(Duration.ofDays(ObjectionStore.MOST_DAYS));
    keep(one, 2, later, finding("sigma", "odd", "/opt/x"));
    assertEquals(new Sum(0, 2, 0), objections.sums(400, later).get("sigma"), "the first is gone");
  }

  @Test
  void whateverAHostWritesIsKept() {
    HostId one = host("one");
    keep(
        one,
        0,
        NOW,
        finding("sigma", "a\\u0000b\\ud800", "/opt/" + "x".repeat(9_000)),
        finding("No Engine", "odd", "/opt/x"),
        finding("sigma", "", ""),
        "{\"class_uid\":2004,\"evidences\":7,\"unmapped\":[]}",
        "{\"class_uid\":2004",
        "{\"class_uid\":1007,\"unmapped\":{\"opinions\":[[\"DENY\"],{\"verdict\":\"DENY\"}]}}");
    assertEquals(Map.of("sigma", new Sum(0, 2, 0)), sums());
    SplittableRandom random = new SplittableRandom(7);
    byte[] good = finding("sigma", "odd", "/opt/x").getBytes(StandardCharsets.ISO_8859_1);
    String[] lines = new String[200];
    for (int i = 0; i < lines.length; i++) {
      byte[] bytes = good.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      lines[i] = new String(bytes, StandardCharsets.ISO_8859_1);
    }
    keep(one, 10, NOW, lines);
    assertEquals(206, records.newest(one, Long.MAX_VALUE, 1_000).size());
  }

  @Test
  void whatNoRecordCouldHaveIsNoMark() {
    for (String engine : List.of("", "A b", "-", "x".repeat(80))) {
      assertThrows(IllegalArgumentException.class, () -> new Mark.Terms(engine, "", "", ""));
    }
    String tooLong = "x".repeat(Objection.MOST_CHARS + 1);
    assertThrows(IllegalArgumentException.class, () -> new Mark.Terms("a", tooLong, "", ""));
    assertThrows(IllegalArgumentException.class, () -> new Mark.Terms("a", "", tooLong, ""));
    assertThrows(IllegalArgumentException.class, () -> new Mark.Terms("a", "", "", "a\nb"));
  }
}
