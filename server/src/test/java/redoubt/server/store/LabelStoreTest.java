package redoubt.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.model.HostId;
import redoubt.core.model.Sha256;
import redoubt.core.wire.HostInventory;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.fleet.rollout.MaintenanceWindow;
import redoubt.server.made.Storage;

@ParameterizedClass
@EnumSource
class LabelStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final JsonMapper JSON = new JsonMapper();
  private static final MaintenanceWindow NIGHT =
      new MaintenanceWindow(
          ZoneId.of("Europe/Berlin"),
          Set.of(DayOfWeek.MONDAY, DayOfWeek.SUNDAY),
          LocalTime.of(22, 0),
          LocalTime.of(5, 30));

  @Parameter Storage storage;
  @TempDir Path folder;

  private Database database;
  private LabelStore labels;
  private HostStore hosts;

  @BeforeEach
  void open() {
    database = storage.open(folder);
    labels = new LabelStore(database);
    hosts = new HostStore(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private HostId host(String name) {
    return hosts
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

  @Test
  void labelsAreKeptAndTakenAway() {
    HostId one = host("one");
    HostId two = host("two");
    labels.change(one, Set.of("canary", "berlin"), Set.of(), "ada", NOW);
    labels.change(two, Set.of("berlin"), Set.of("none"), "ada", NOW);
    labels.change(one, Set.of("canary", "web"), Set.of("berlin"), "ada", NOW);
    assertEquals(List.of("canary", "web"), hosts.find(one).orElseThrow().labels());
    assertEquals(
        List.of(List.of("canary", "web"), List.of("berlin")),
        hosts.list(0, 10).stream().map(HostEntry::labels).toList());
    assertEquals(Optional.empty(), new AuditTrail(database).firstBroken());
  }

  @Test
  void thereIsAnEndToThem() {
    HostId one = host("one");
    HostId two = host("two");
    assertThrows(
        RefusedException.class, () -> labels.change(one, some(0, 17), Set.of(), "ada", NOW));
    assertEquals(List.of(), hosts.find(one).orElseThrow().labels());
    for (int i = 0; i < LabelStore.MOST; i += 16) {
      labels.change(one, some(i, i + 16), some(0, i), "ada", NOW);
    }
    assertThrows(
        RefusedException.class, () -> labels.change(two, Set.of("more"), Set.of(), "ada", NOW));
    labels.change(two, Set.of("label-3"), Set.of(), "ada", NOW);
    assertThrows(
        RefusedException.class,
        () -> labels.change(new HostId(1, 2), Set.of("label-3"), Set.of(), "ada", NOW));
    for (String none : List.of("", "Canary", "a b", "-a", "a".repeat(65))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> labels.change(two, Set.of(none), Set.of(), "ada", NOW));
    }
  }

  private static Set<String> some(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "label-" + i).collect(Collectors.toSet());
  }

  @Test
  void windowsAreKept() {
    labels.setWindow("night", NIGHT, "ada", NOW);
    close();
    open();
    assertEquals(Map.of("night", NIGHT), labels.windows());
    labels.removeWindow("night", "ada", NOW);
    assertEquals(Map.of(), labels.windows());
    assertThrows(RefusedException.class, () -> labels.removeWindow("night", "ada", NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"days\":[],\"from\":\"22:00\",\"to\":\"05:00\"}",
        "{\"days\":[\"moonday\"],\"from\":\"22:00\",\"to\":\"05:00\"}",
        "{\"days\":[\"monday\"],\"from\":\"24:00\",\"to\":\"05:00\"}",
        "{\"days\":[\"monday\"],\"from\":\"22:00\"}",
        "{\"days\":[\"monday\"],\"from\":\"22:00\",\"to\":\"05:00\",\"zone\":\"Mars\"}"
      })
  void whatIsNoWindowIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> WindowJson.read(JSON.readTree(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{}]",
        "[{\"name\":\"a\"}]",
        "[{\"name\":\"A\",\"everyone\":true}]",
        "[{\"name\":\"a\",\"share\":0}]",
        "[{\"name\":\"a\",\"share\":1.5}]",
        "[{\"name\":\"a\",\"share\":\"1\"}]",
        "[{\"name\":\"a\",\"hosts\":[]}]",
        "[{\"name\":\"a\",\"hosts\":[\"x\"]}]",
        "[{\"name\":\"a\",\"labels\":[\"A b\"]}]",
        "[{\"name\":\"a\",\"everyone\":true,\"share\":0.5}]",
        "[{\"name\":\"a\",\"everyone\":true},{\"name\":\"a\",\"everyone\":true}]",
        "[{\"name\":\"a\",\"everyone\":true,\"soakMinutes\":-1}]",
        "[{\"name\":\"a\",\"everyone\":true,\"confirmed\":1.5}]"
      })
  void whatIsNoRingIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> RingTerms.read(JSON.readTree(text)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void ringsAreReadAsTheyWereWritten(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<RingTerms> rings =
        IntStream.range(0, random.nextInt(1, 8))
            .mapToObj(i ->
                new RingTerms(
                    "ring-" + i, members(random), random.nextInt(43_201), random.nextInt(99)))
            .toList();
    assertEquals(rings, RingTerms.read(RingTerms.write(rings)));
  }

  private static RingTerms.Members members(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 ->
          new RingTerms.Members.Hosts(Set.of(new HostId(random.nextLong(), random.nextLong())));
      case 1 -> new RingTerms.Members.Labelled(some(0, random.nextInt(1, 5)));
      case 2 -> new RingTerms.Members.Share(random.nextDouble(0.001, 1));
      default -> new RingTerms.Members.Everyone();
    };
  }
}
