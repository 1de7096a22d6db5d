package redoubt.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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

@ParameterizedClass
@EnumSource
class RecordStoreTest {
  private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
  private static final HostInventory INVENTORY =
      new HostInventory("one", "Debian", "6.1", "x86_64", "", 2, 4_000, "0.1.0");

  @Parameter Storage storage;
  @TempDir Path folder;

  private Database database;
  private RecordStore records;
  private int issued;

  @BeforeEach
  void open() {
    database = storage.open(folder);
    records = new RecordStore(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private HostId enrolled(Optional<HostId> again) {
    TokenTerms terms = new TokenTerms("", DeviceClass.SERVER, again, Duration.ofHours(1));
    Octets secret =
        new TokenStore(database, Sha256.ofText("authority")).make(terms, "ada", NOW).secret();
    HostStore.Certified certified =
        new HostStore.Certified("5e" + ++issued, NOW.plus(Duration.ofDays(7)));
    return new HostStore(database).enrol(secret, INVENTORY, _ -> certified, NOW).id();
  }

  private void keep(HostId host, long first, Instant at, String name, int count) {
    List<Octets> lines =
        IntStream.range(0, count)
            .mapToObj(i -> Octets.of(line(name, i).getBytes(StandardCharsets.UTF_8)))
            .toList();
    records.keep(host, first, lines, at);
  }

  private static String line(String name, int i) {
    return "{\"message\":\"" + name + " " + i + "\"}";
  }

  private List<String> kept(HostId host) {
    return records.newest(host, Long.MAX_VALUE, 1_000).reversed().stream()
        .map(RecordStore.Line::line)
        .toList();
  }

  @Test
  void aHostThatEnrolsAnewAndCountsAnewLosesNothing() {
    HostId host = enrolled(Optional.empty());
    HostId other = enrolled(Optional.empty());
    keep(other, 0, NOW, "other", 2);
    keep(host, 0, NOW, "first", 3);
    enrolled(Optional.of(host));
    keep(host, 0, NOW.plusSeconds(1), "second", 5);
    keep(host, 0, NOW.plusSeconds(2), "second", 5);
    enrolled(Optional.of(host));
    enrolled(Optional.of(host));
    keep(host, 4_000_000_000L, NOW.plusSeconds(3), "third", 1);
    enrolled(Optional.of(host));
    keep(host, 0, NOW.plusSeconds(4), "fourth", 1);
    assertEquals(
        List.of(
            line("first", 0),
            line("first", 1),
            line("first", 2),
            line("second", 0),
            line("second", 1),
            line("second", 2),
            line("second", 3),
            line("second", 4),
            line("third", 0),
            line("fourth", 0)),
        kept(host));
    assertEquals(List.of(line("other", 0), line("other", 1)), kept(other));
    long before = records.newest(host, Long.MAX_VALUE, 2).getLast().number();
    assertTrue(before < 0, "what is of an earlier enrolment");
    assertEquals(line("second", 4), records.newest(host, before, 1).getFirst().line());
  }

  @Test
  void noHostHasMoreLinesThanANumberHolds() {
    HostId host = enrolled(Optional.empty());
    assertThrows(IllegalArgumentException.class, () -> keep(host, Long.MAX_VALUE - 1, NOW, "x", 1));
    assertThrows(IllegalArgumentException.class, () -> keep(host, -1, NOW, "x", 1));
    assertEquals(List.of(), kept(host));
  }

  @Test
  void whatIsOldIsForgottenBitByBitAndNothingElse() {
    HostId host = enrolled(Optional.empty());
    keep(host, 0, NOW.minusSeconds(60), "old", 7_000);
    keep(host, 7_000, NOW, "new", 2);
    assertFalse(records.forgetBefore(NOW), "not all of it at once");
    assertTrue(records.forgetBefore(NOW));
    assertTrue(records.forgetBefore(NOW));
    assertEquals(List.of(line("new", 0), line("new", 1)), kept(host));
  }
}
