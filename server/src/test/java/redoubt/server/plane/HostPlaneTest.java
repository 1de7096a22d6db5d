package redoubt.server.plane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
import redoubt.core.wire.Enrolment;
import redoubt.core.wire.EnrolmentToken;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostInventory;
import redoubt.core.wire.HostMessage;
import redoubt.courier.FleetClient;
import redoubt.courier.HostKey;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.server.identity.Authority;
import redoubt.server.identity.LeaseSigner;
import redoubt.server.made.Storage;
import redoubt.server.store.AuditTrail;
import redoubt.server.store.Database;
import redoubt.server.store.HostStore;
import redoubt.server.store.RecordStore;
import redoubt.server.store.TokenStore;
import redoubt.server.store.TokenTerms;

/// Real TLS over the loopback, a real database, and the courier of a host.
@ParameterizedClass
@EnumSource
class HostPlaneTest {
  private static final HostInventory INVENTORY =
      new HostInventory("web-1", "Debian", "6.1", "x86_64", "", 2, 4_000, "0.1.0");
  private static final HostMessage.Hello HELLO = new HostMessage.Hello(1, INVENTORY, "boot", 0, 0);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Parameter Storage storage;
  @TempDir Path folder;

  private final Heard heard = new Heard();
  private Database database;
  private Authority authority;
  private HostStore hosts;
  private RecordStore records;
  private TokenStore tokens;
  private HostPlane plane;

  /// What the plane passes on.
  private static final class Heard implements HostEvents {
    private final BlockingQueue<String> all = new LinkedBlockingQueue<>();

    @Override
    public void arrived(HostSession session, HostMessage.Hello hello) {
      all.add("arrived " + session.host().inventory().hostName());
    }

    @Override
    public void said(HostSession session, HostMessage message) {
      all.add(message.toString());
    }

    @Override
    public void gone(HostSession session, boolean saidGoodbye) {
      all.add("gone " + saidGoodbye);
    }

    String next() throws InterruptedException {
      return String.valueOf(all.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }
  }

  /// What a host hears.
  private static final class Ears implements FleetClient.Listener {
    private final BlockingQueue<FleetMessage> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> end = new LinkedBlockingQueue<>();

    @Override
    public void heard(byte[] message) {
      try {
        messages.add(FleetCodec.decodeToHost(ByteBuffer.wrap(message)));
      } catch (Exception e) {
        end.add(e.toString());
      }
    }

    @Override
    public void ended(String why, boolean isForGood) {
      end.add(isForGood + " " + why);
    }

    FleetMessage next() throws InterruptedException {
      FleetMessage message = messages.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertTrue(message != null, () -> "nothing came: " + end);
      return message;
    }

    String awaitEnd() throws InterruptedException {
      return String.valueOf(end.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }
  }

  @BeforeEach
  void open() throws IOException {
    database = storage.open(folder);
    authority = Authority.in(folder, Instant.now());
    hosts = new HostStore(database);
    records = new RecordStore(database);
    tokens = new TokenStore(database, authority.fingerprint());
    plane =
        new HostPlane(
            new HostPlane.Place(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of("localhost", "127.0.0.1"),
                30),
            authority,
            LeaseSigner.in(folder),
            hosts,
            records,
            new Sessions(),
            heard,
            InstantSource.system());
  }

  @AfterEach
  void close() {
    plane.close();
    database.close();
  }

  @Test
  void aHostThatWasTakenInTalks() throws Exception {
    HostKey key = HostKey.make();
    Enrolment.Reply reply = enrol(token(), key);
    assertEquals(1, reply.enrolment());
    assertEquals(LeaseSigner.in(folder).publicKey(), reply.leaseKey());
    Ears ears = new Ears();
    try (FleetClient client = host(key, reply)) {
      FleetClient.Link link = client.connect(ears);
      say(link, HELLO);
      assertEquals(new FleetMessage.Welcome(1, 30), ears.next());
      assertEquals("arrived web-1", heard.next());
      var beat = new HostMessage.Heartbeat(HostMessage.State.ENFORCING, 9, 1, 0, 0, 0, 0);
      say(link, beat);
      assertEquals(beat.toString(), heard.next());
      say(link, new HostMessage.Records(41, List.of(line("{\"a\":1}"), line("{\"a\":2}"))));
      assertEquals(new FleetMessage.RecordsKept(43), ears.next());
      assertEquals(
          List.of("{\"a\":2}", "{\"a\":1}"),
          records.newest(reply.host(), Long.MAX_VALUE, 10).stream()
              .map(RecordStore.Line::line)
              .toList());
      plane.session(reply.host()).orElseThrow().send(new FleetMessage.RecordsKept(7));
      assertEquals(new FleetMessage.RecordsKept(7), ears.next());
      say(link, new HostMessage.Goodbye());
      link.end();
      assertEquals("gone true", heard.next());
      assertEquals("false the server has ended the connection", ears.awaitEnd());
    }
    assertEquals(0, plane.connected());
    assertEquals(Optional.empty(), new AuditTrail(database).firstBroken());
  }

  @Test
  void recordsThatComeTwiceAreKeptOnce() throws Exception {
    HostKey key = HostKey.make();
    Enrolment.Reply reply = enrol(token(), key);
    Ears ears = new Ears();
    try (FleetClient client = host(key, reply)) {
      FleetClient.Link link = client.connect(ears);
      say(link, HELLO);
      ears.next();
      say(link, new HostMessage.Records(1, List.of(line("first"), line("second"))));
      say(link, new HostMessage.Records(2, List.of(line("other"), line("third"))));
      assertEquals(new FleetMessage.RecordsKept(3), ears.next());
      assertEquals(new FleetMessage.RecordsKept(4), ears.next());
    }
    assertEquals(
        List.of("third", "second", "first"),
        records.newest(reply.host(), Long.MAX_VALUE, 10).stream()
            .map(RecordStore.Line::line)
            .toList());
  }

  @Test
  void aTokenLetsOneHostIn() throws Exception {
    EnrolmentToken token = token();
    enrol(token, HostKey.make());
    IOException refused = assertThrows(IOException.class, () -> enrol(token, HostKey.make()));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("unknown, expired or used"),
        refused::getMessage);
    assertEquals(1, hosts.list(0, 10).size());
  }

  @Test
  void whoeverBringsNoTokenOfOursIsNotLetIn() {
    EnrolmentToken guessed =
        new EnrolmentToken(authority.fingerprint(), Octets.of(new byte[Enrolment.SECRET_BYTES]));
    assertThrows(IOException.class, () -> enrol(guessed, HostKey.make()));
    assertEquals(List.of(), hosts.list(0, 10));
  }

  @Test
  void aHostTalksToTheServerThatItsTokenNamesAlone() {
    EnrolmentToken token = token();
    EnrolmentToken other = new EnrolmentToken(Sha256.ofText("another"), token.secret());
    IOException refused = assertThrows(IOException.class, () -> enrol(other, HostKey.make()));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("another certificate"), refused::getMessage);
  }

  @Test
  void withoutACertificateNobodyTalks() throws Exception {
    Ears ears = new Ears();
    try (FleetClient stranger = FleetClient.stranger(address(), authority.fingerprint())) {
      say(stranger.connect(ears), HELLO);
      String end = ears.awaitEnd();
      assertTrue(end.startsWith("true this host is none of the fleet"), end);
    }
    assertTrue(heard.all.isEmpty());
  }

  @Test
  void aCertificateOfAnotherFleetOpensNothing(@TempDir Path elsewhere) throws Exception {
    Authority other = Authority.in(elsewhere, Instant.now());
    HostKey key = HostKey.make();
    Enrolment.Reply reply = enrol(token(), key);
    var forged = other.issueHost(key.request(), reply.host(), Instant.now());
    Ears ears = new Ears();
    try (FleetClient client =
        FleetClient.host(
            address(),
            authority.fingerprint(),
            new FleetClient.Credentials(
                key.key(), List.of(Authority.der(forged), Authority.der(other.certificate()))))) {
      say(client.connect(ears), HELLO);
      assertFalse(ears.awaitEnd().equals("null"));
    }
    assertTrue(heard.all.isEmpty());
  }

  @Test
  void aHostThatIsCastOutIsCutOffAndStaysOut() throws Exception {
    HostKey key = HostKey.make();
    Enrolment.Reply reply = enrol(token(), key);
    Ears ears = new Ears();
    try (FleetClient client = host(key, reply)) {
      say(client.connect(ears), HELLO);
      assertInstanceOf(FleetMessage.Welcome.class, ears.next());
      assertEquals("arrived web-1", heard.next());
      hosts.revoke(reply.host(), "ada", "stolen", Instant.now());
      plane.castOut(reply.host());
      assertEquals("gone true", heard.next());
      assertEquals(0, plane.connected());
      assertTrue(ears.awaitEnd().startsWith("true "));
      Ears again = new Ears();
      say(client.connect(again), HELLO);
      assertTrue(again.awaitEnd().startsWith("true "));
    }
  }

  @Test
  void whoeverTalksUnderAnEarlierEnrolmentIsCutOff() throws Exception {
    HostKey key = HostKey.make();
    Enrolment.Reply reply = enrol(token(), key);
    Ears ears = new Ears();
    try (FleetClient client = host(key, reply)) {
      say(client.connect(ears), HELLO);
      assertInstanceOf(FleetMessage.Welcome.class, ears.next());
      HostKey other = HostKey.make();
      Enrolment.Reply again = enrol(token(Optional.of(reply.host())), other);
      assertEquals(reply.host(), again.host());
      assertEquals(2, again.enrolment());
      assertTrue(ears.awaitEnd().startsWith("true "));
      Ears later = new Ears();
      try (FleetClient renewed = host(other, again)) {
        say(renewed.connect(later), HELLO);
        assertInstanceOf(FleetMessage.Welcome.class, later.next());
      }
    }
  }

  /// Casting out races with a connection that has been let in and has not said who it is.
  @Test
  void aHostThatIsCastOutBeforeItSaysWhoItIsStaysOut() throws Exception {
    HostKey key = HostKey.make();
    Enrolment.Reply reply = enrol(token(), key);
    Ears ears = new Ears();
    try (FleetClient client = host(key, reply)) {
      FleetClient.Link link = client.connect(ears);
      // The first thing it says is late enough that it has been let in.
      Thread.sleep(500);
      hosts.revoke(reply.host(), "ada", "stolen", Instant.now());
      plane.castOut(reply.host());
      say(link, HELLO);
      assertTrue(ears.awaitEnd().startsWith("true "));
    }
    assertEquals(0, plane.connected());
    assertTrue(heard.all.isEmpty());
  }

  @Test
  void aHostGetsAnotherCertificateOverTheOneItHas() throws Exception {
    HostKey key = HostKey.make();
    Enrolment.Reply reply = enrol(token(), key);
    HostKey next = HostKey.make();
    Ears ears = new Ears();
    FleetMessage.Certificates renewed;
    try (FleetClient client = host(key, reply)) {
      FleetClient.Link link = client.connect(ears);
      say(link, HELLO);
      ears.next();
      say(link, new HostMessage.Renewal(next.request()));
      renewed = assertInstanceOf(FleetMessage.Certificates.class, ears.next());
    }
    Ears later = new Ears();
    try (FleetClient client =
        FleetClient.host(
            address(),
            authority.fingerprint(),
            new FleetClient.Credentials(next.key(), renewed.certificates()))) {
      say(client.connect(later), HELLO);
      assertInstanceOf(FleetMessage.Welcome.class, later.next());
    }
  }

  @Test
  void whoeverBreaksTheProtocolIsCutOff() throws Exception {
    HostKey key = HostKey.make();
    Enrolment.Reply reply = enrol(token(), key);
    try (FleetClient client = host(key, reply)) {
      Ears first = new Ears();
      say(client.connect(first), new HostMessage.Goodbye());
      assertEquals("false the first message is Hello", first.awaitEnd());
      Ears second = new Ears();
      client.connect(second).send(new byte[] {1, 2, 3});
      assertTrue(second.awaitEnd().startsWith("false "));
      Ears third = new Ears();
      FleetClient.Link twice = client.connect(third);
      say(twice, HELLO);
      say(twice, HELLO);
      assertEquals("false Hello comes once", third.awaitEnd());
    }
  }

  @Test
  void theNewerConnectionOfAHostCounts() throws Exception {
    HostKey key = HostKey.make();
    Enrolment.Reply reply = enrol(token(), key);
    Ears older = new Ears();
    Ears newer = new Ears();
    try (FleetClient first = host(key, reply);
        FleetClient second = host(key, reply)) {
      say(first.connect(older), HELLO);
      older.next();
      say(second.connect(newer), HELLO);
      newer.next();
      assertEquals("false this host has another connection", older.awaitEnd());
      plane.session(reply.host()).orElseThrow().send(new FleetMessage.RecordsKept(7));
      assertEquals(new FleetMessage.RecordsKept(7), newer.next());
      assertEquals(1, plane.connected());
    }
  }

  private EnrolmentToken token() {
    return token(Optional.empty());
  }

  private EnrolmentToken token(Optional<HostId> host) {
    TokenTerms terms = new TokenTerms("", DeviceClass.SERVER, host, Duration.ofHours(1));
    return tokens.make(terms, "ada", Instant.now());
  }

  private Enrolment.Reply enrol(EnrolmentToken token, HostKey key) throws IOException {
    try (FleetClient stranger = FleetClient.stranger(address(), token.authority())) {
      return stranger.enrol(token.secret(), key, INVENTORY);
    }
  }

  private FleetClient host(HostKey key, Enrolment.Reply reply) throws IOException {
    return FleetClient.host(
        address(),
        authority.fingerprint(),
        new FleetClient.Credentials(key.key(), reply.certificates()));
  }

  private FleetClient.Address address() {
    return new FleetClient.Address("127.0.0.1", plane.port());
  }

  private static void say(FleetClient.Link link, HostMessage message) {
    link.send(FleetCodec.encode(message));
  }

  private static Octets line(String text) {
    return Octets.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
