package redoubt.server.outputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
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
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.wire.HostInventory;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.server.made.Storage;
import redoubt.server.store.AuditTrail;
import redoubt.server.store.Database;
import redoubt.server.store.HostStore;
import redoubt.server.store.OutputEntry;
import redoubt.server.store.OutputStore;
import redoubt.server.store.RecordStore;
import redoubt.server.store.RefusedException;
import redoubt.server.store.TokenStore;
import redoubt.server.store.TokenTerms;

/// Real receivers on the loopback.
@ParameterizedClass
@EnumSource
class OutputDeskTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String FINDING =
      "{\"class_uid\":2004,\"severity_id\":4,\"message\":\"bad \\u00e9 program\"}";

  @Parameter Storage storage;
  @TempDir Path folder;

  private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
  private final AtomicInteger status = new AtomicInteger(204);
  private final List<String> signatures = new ArrayList<>();
  private final List<byte[]> bodies = new ArrayList<>();
  private HttpServer receiver;
  private Database database;
  private OutputDesk desk;
  private HostId host;
  private long number;

  @BeforeEach
  void open() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/hook",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          int answer = status.get();
          if (answer < 300) {
            signatures.add(exchange.getRequestHeaders().getFirst("Redoubt-Signature"));
            bodies.add(body);
            JSON.readTree(body).path("events").forEach(received::add);
          }
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    receiver.start();
    database = storage.open(folder);
    desk = new OutputDesk(new OutputStore(database), InstantSource.system());
    Instant now = Instant.now();
    Octets secret =
        new TokenStore(database, Sha256.ofText("authority"))
            .make(
                new TokenTerms("", DeviceClass.SERVER, Optional.empty(), Duration.ofHours(1)),
                "ada",
                now)
            .secret();
    host =
        new HostStore(database)
            .enrol(
                secret,
                new HostInventory("web 1", "Debian", "6.1", "x86_64", "", 2, 4_000, "0.1.0"),
                id -> new HostStore.Certified("5e", now.plusSeconds(3_600)),
                now)
            .id();
  }

  @AfterEach
  void close() {
    desk.close();
    database.close();
    receiver.stop(0);
  }

  private URI hook() {
    return URI.create("http:/" + "/127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
  }

  private void find(String... lines) {
    new RecordStore(database)
        .keep(
            host,
            number,
            List.of(lines).stream()
                .map(line -> Octets.of(line.getBytes(StandardCharsets.UTF_8)))
                .toList(),
            Instant.now());
    number += lines.length;
  }

  private JsonNode next() throws InterruptedException {
    JsonNode next = received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertTrue(next != null, () -> "nothing came: " + desk.list());
    return next;
  }

  private static void await(BooleanSupplier isSo) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!isSo.getAsBoolean() && System.nanoTime() - end < 0) {
      Thread.sleep(20);
    }
    assertTrue(isSo.getAsBoolean());
  }

  @Test
  void aWebhookGetsFindingsAndTheAuditSigned() throws Exception {
    find(FINDING); // Before it was set up.
    OutputEntry output = desk.add(hook(), "ada");
    assertEquals("output.add", next().path("action").asText());
    find("{\"class_uid\":1007}", FINDING, "no JSON");
    JsonNode finding = next();
    assertEquals("finding", finding.path("kind").asText());
    assertEquals("web 1", finding.path("host").path("name").asText());
    assertEquals(2, finding.path("number").asLong());
    assertEquals(JSON.readTree(FINDING), finding.path("record"));
    new AuditTrail(database).add(Instant.now(), "ada", "host.revoke", "x", "stolen");
    assertEquals("stolen", next().path("detail").asText());
    await(() -> desk.list().getFirst().waiting() == 0);
    long seconds = Long.parseLong(signatures.getLast().replaceAll("t=(\\d+),.*", "$1"));
    assertEquals(
        new Webhook(hook(), output.secret()).signature(bodies.getLast(), seconds),
        signatures.getLast());
    assertNotEquals(
        new Webhook(hook(), "another").signature(bodies.getLast(), seconds), signatures.getLast());
  }

  @Test
  void whatIsNotTakenWaitsAlsoOverARestartAndComesInOrder() throws Exception {
    status.set(500);
    desk.add(hook(), "ada");
    find(IntStream.range(0, 250).mapToObj(i -> FINDING).toArray(String[]::new));
    await(() -> desk.list().getFirst().problem().isPresent());
    assertEquals("it answers 500", desk.list().getFirst().problem().orElseThrow());
    assertEquals(251, desk.list().getFirst().waiting());
    desk.close();
    status.set(204);
    desk = new OutputDesk(new OutputStore(database), InstantSource.system());
    next();
    for (int i = 0; i < 250; i++) {
      assertEquals(i, next().path("number").asInt());
    }
    await(() -> desk.list().getFirst().waiting() == 0);
    assertEquals(Optional.empty(), desk.list().getFirst().problem());
    assertEquals(0, desk.list().getFirst().output().lost());
  }

  @Test
  void oneThatTakesNothingHoldsNoOtherUp() throws Exception {
    desk.add(URI.create("http:/" + "/127.0.0.1:1/"), "ada");
    desk.add(hook(), "ada");
    assertEquals("output.add", next().path("action").asText());
    find(FINDING);
    assertEquals("finding", next().path("kind").asText());
    assertTrue(desk.list().getFirst().waiting() > 0);
    desk.remove(1, "ada");
    assertEquals("output.remove", next().path("action").asText());
    await(() -> desk.list().getFirst().waiting() == 0);
    assertThrows(RefusedException.class, () -> desk.remove(1, "ada"));
    assertThrows(RefusedException.class, () -> desk.add(hook(), "ada"));
  }

  @Test
  void aRedirectionIsNotFollowed() throws Exception {
    status.set(302);
    desk.add(hook(), "ada");
    await(() -> desk.list().getFirst().problem().isPresent());
    assertEquals("it answers 302", desk.list().getFirst().problem().orElseThrow());
  }

  @Test
  void syslogOverTcpCountsOctetsAndComesBack() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      desk.add(URI.create("syslog+tcp:/" + "/127.0.0.1:" + socket.getLocalPort()), "ada");
      try (Socket first = socket.accept()) {
        assertTrue(message(first).contains(" redoubt-fleet - audit - {"));
        find(FINDING);
        String line = message(first);
        assertTrue(line.matches("<83>1 \\S+Z web_1 redoubt-fleet - finding - \\{.*"), line);
        assertTrue(line.contains("bad \u00e9 program"), line);
      }
      find(FINDING);
      try (Socket second = socket.accept()) {
        assertTrue(message(second).contains("\"number\":1,"));
      }
    }
  }

  private static String message(Socket from) throws IOException {
    InputStream in = from.getInputStream();
    int length = 0;
    for (int digit = in.read(); digit != ' '; digit = in.read()) {
      length = length * 10 + digit - '0';
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  @Test
  void syslogOverUdpIsADatagramEach() throws Exception {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
      desk.add(URI.create("syslog+udp:/" + "/127.0.0.1:" + socket.getLocalPort()), "ada");
      DatagramPacket packet = new DatagramPacket(new byte[8_192], 8_192);
      socket.receive(packet);
      assertTrue(
          new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8)
              .startsWith("<109>1 "));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http:/" + "/192.0.2.1/hook",
        "http:/" + "/127.0.0.1.example/hook",
        "https:/" + "/ada:secret@example.org/",
        "https:/",
        "ftp:/" + "/example.org/",
        "file:/" + "/etc/passwd",
        "syslog+tls:/" + "/example.org",
        "syslog+tls:/" + "/example.org:6514/there",
        "syslog:/" + "/example.org:514",
        "example.org"
      })
  void whatIsNoReceiverIsRefused(String address) {
    assertThrows(IllegalArgumentException.class, () -> desk.add(URI.create(address), "ada"));
    assertEquals(List.of(), desk.list());
  }
}
