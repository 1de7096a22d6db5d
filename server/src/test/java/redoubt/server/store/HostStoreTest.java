package redoubt.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
import redoubt.core.wire.HostMessage;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.server.made.Storage;

@ParameterizedClass
@EnumSource
class HostStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  @Parameter Storage storage;
  @TempDir Path folder;

  private Database database;
  private HostStore hosts;
  private TokenStore tokens;
  private int issued;

  @BeforeEach
  void open() {
    database = storage.open(folder);
    hosts = new HostStore(database);
    tokens = new TokenStore(database, Sha256.ofText("authority"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatWasKeptIsThereAfterARestart() {
    HostEntry one = enrol("one");
    HostEntry two = enrol("two");
    assertEquals(0, one.number());
    assertEquals(1, two.number());
    assertNotEquals(one.id(), two.id());
    close();
    open();
    assertEquals(List.of(one, two), hosts.list(0, 10));
    assertEquals(List.of(two), hosts.list(1, 10));
    assertEquals(Optional.of(one), hosts.find(one.id()));
    assertEquals(Optional.empty(), new AuditTrail(database).firstBroken());
  }

  @Test
  void aTokenIsUsedUpByWhoeverComesFirst() throws Exception {
    Octets secret = token(Optional.empty(), HOUR);
    List<Future<HostEntry>> results;
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<HostEntry>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String serial = "5e" + i;
        all.add(() -> hosts.enrol(secret, inventory("x"), host -> certified(serial), NOW));
      }
      results = threads.invokeAll(all);
    }
    long taken = results.stream().filter(each -> each.state() == Future.State.SUCCESS).count();
    assertEquals(1, taken);
    assertEquals(1, hosts.list(0, 10).size());
  }

  @Test
  void aTokenExpires() {
    Octets secret = token(Optional.empty(), HOUR);
    assertThrows(
        RefusedException.class,
        () -> hosts.enrol(secret, inventory("x"), this::issue, NOW.plus(HOUR)));
  }

  @Test
  void withoutACertificateNothingHasHappened() {
    Octets secret = token(Optional.empty(), HOUR);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            hosts.enrol(
                secret,
                inventory("x"),
                host -> {
                  throw new IllegalArgumentException("no request");
                },
                NOW));
    assertEquals(List.of(), hosts.list(0, 10));
    assertEquals(1, hosts.enrol(secret, inventory("x"), this::issue, NOW).enrolment());
  }

  @Test
  void aHostThatEnrolsAnewStaysItselfAndItsOldCertificatesAreNone() {
    HostEntry first = enrol("one");
    assertTrue(hosts.admitted(first.id(), "5e1", NOW).isPresent());
    Octets secret = token(Optional.of(first.id()), HOUR);
    HostEntry again = hosts.enrol(secret, inventory("renamed"), this::issue, NOW.plusSeconds(9));
    assertEquals(first.id(), again.id());
    assertEquals(first.number(), again.number());
    assertEquals(2, again.enrolment());
    assertEquals("renamed", again.inventory().hostName());
    assertEquals(Optional.empty(), hosts.admitted(first.id(), "5e1", NOW));
    assertTrue(hosts.admitted(first.id(), "5e2", NOW).isPresent());
  }

  @Test
  void aCertificateLetsItsOwnHostInAsLongAsItLasts() {
    HostEntry one = enrol("one");
    HostEntry two = enrol("two");
    assertTrue(hosts.admitted(one.id(), "5e1", NOW).isPresent());
    assertEquals(Optional.empty(), hosts.admitted(two.id(), "5e1", NOW));
    assertEquals(Optional.empty(), hosts.admitted(one.id(), "5e9", NOW));
    assertEquals(Optional.empty(), hosts.admitted(one.id(), "5e1", NOW.plus(Duration.ofDays(7))));
  }

  @Test
  void aHostThatWasCastOutComesInOnlyWithANewToken() {
    HostEntry host = enrol("one");
    hosts.revoke(host.id(), "ada", "stolen", NOW);
    assertEquals(Optional.empty(), hosts.admitted(host.id(), "5e1", NOW));
    assertThrows(RefusedException.class, () -> hosts.renew(host.id(), this::issue, NOW));
    assertThrows(RefusedException.class, () -> hosts.revoke(host.id(), "ada", "again", NOW));
    Octets secret = token(Optional.of(host.id()), HOUR);
    assertEquals(
        Optional.empty(), hosts.enrol(secret, inventory("one"), this::issue, NOW).revoked());
  }

  @Test
  void renewingForgetsWhatHasExpired() {
    HostEntry host = enrol("one");
    Instant later = NOW.plus(Duration.ofDays(6));
    hosts.renew(host.id(), this::issue, later);
    assertTrue(hosts.admitted(host.id(), "5e1", later).isPresent(), "it lasts a day more");
    assertTrue(hosts.admitted(host.id(), "5e2", later).isPresent());
  }

  @Test
  void whenAHostWasSeenIsKept() {
    HostEntry host = enrol("one");
    assertEquals(Optional.empty(), host.state());
    hosts.seen(
        Map.of(host.id(), new HostStore.Seen(NOW.plusSeconds(60), HostMessage.State.DEGRADED)));
    HostEntry seen = hosts.find(host.id()).orElseThrow();
    assertEquals(Optional.of(HostMessage.State.DEGRADED), seen.state());
    assertEquals(NOW.plusSeconds(60), seen.seen());
  }

  @Test
  void aTokenIsForAHostOfThisFleet() {
    assertThrows(RefusedException.class, () -> token(Optional.of(new HostId(1, 2)), HOUR));
  }

  @Test
  void theAuditNamesWhoDidWhatAndShowsWhereItWasChanged() {
    HostEntry host = enrol("one");
    hosts.revoke(host.id(), "ada", "stolen", NOW);
    AuditTrail audit = new AuditTrail(database);
    assertEquals(
        List.of("ada host.revoke", "host:" + host.id() + " host.enrol", "ada token.make"),
        audit.newest(Long.MAX_VALUE, 10).stream()
            .map(entry -> entry.actor() + " " + entry.action())
            .toList());
    database.change(in ->
        in.update(Tables.Audit.TABLE)
            .set(Tables.Audit.ACTOR, "bob")
            .where(Tables.Audit.SEQUENCE.eq(2L))
            .execute());
    assertEquals(2, audit.firstBroken().orElseThrow().sequence());
    database.change(
        in -> in.deleteFrom(Tables.Audit.TABLE).where(Tables.Audit.SEQUENCE.eq(2L)).execute());
    assertEquals(3, audit.firstBroken().orElseThrow().sequence());
  }

  private HostEntry enrol(String name) {
    return hosts.enrol(token(Optional.empty(), HOUR), inventory(name), this::issue, NOW);
  }

  private Octets token(Optional<HostId> host, Duration life) {
    return tokens
        .make(new TokenTerms("berlin", DeviceClass.LAPTOP, host, life), "ada", NOW)
        .secret();
  }

  private HostStore.Certified issue(HostId host) {
    return certified("5e" + ++issued);
  }

  private static HostStore.Certified certified(String serial) {
    return new HostStore.Certified(serial, NOW.plus(Duration.ofDays(7)));
  }

  private static HostInventory inventory(String name) {
    return new HostInventory(name, "Debian", "6.1", "x86_64", "Acme", 2, 4_000, "0.1.0");
  }
}
