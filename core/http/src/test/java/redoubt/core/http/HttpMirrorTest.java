package redoubt.core.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.mirror.RepositoryPath;

/// Servers that are as they should be, and servers that are not.
class HttpMirrorTest {
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
  private static final HttpPatience SHORT =
      new HttpPatience(
          Duration.ofSeconds(5), Duration.ofMillis(500), Duration.ofMillis(300), 1_000_000);

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server = start();

  private static HttpServer start() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void serve() {
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    threads.close();
  }

  @Test
  void httpGivesWhatThereIsUnderItsEncodedName() throws MirrorException {
    try (HttpMirror mirror = http(HttpPatience.DEFAULT)) {
      assertArrayEquals(
          CONTENT,
          mirror.fetchBytes(new RepositoryPath(List.of("d e", "1.a/b?#.json")), 7).orElseThrow());
      assertEquals(List.of("/repo/d%20e/1.a%2Fb%3F%23.json"), asked);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"404", "403", "410"})
  void httpSaysWhatThereIsNot(String status) throws MirrorException {
    try (HttpMirror mirror = http(HttpPatience.DEFAULT)) {
      assertEquals(Optional.empty(), mirror.fetchBytes(RepositoryPath.of(status), 7));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"500", "204", "206", "302", "loop", "cut", "nowhere"})
  void httpFailures(String name) {
    try (HttpMirror mirror = http(HttpPatience.DEFAULT)) {
      assertThrows(MirrorException.class, () -> mirror.fetchBytes(RepositoryPath.of(name), 100));
    }
  }

  @Test
  void httpFollowsARedirect() throws MirrorException {
    try (HttpMirror mirror = http(HttpPatience.DEFAULT)) {
      assertArrayEquals(CONTENT, mirror.fetchBytes(RepositoryPath.of("moved"), 7).orElseThrow());
      assertEquals(List.of("/repo/moved", "/elsewhere"), asked);
    }
  }

  @Test
  void httpTakesNoByteMoreThanWanted() {
    try (HttpMirror mirror = http(HttpPatience.DEFAULT)) {
      assertThrows(MirrorException.class, () -> mirror.fetchBytes(RepositoryPath.of("any"), 6));
      assertThrows(
          MirrorException.class, () -> mirror.fetchBytes(RepositoryPath.of("endless"), 100_000));
    }
  }

  /// Neither a server that never answers nor one that trickles holds a host up.
  @ParameterizedTest
  @ValueSource(strings = {"silent", "trickle"})
  void httpWaitsForNobody(String name) {
    try (HttpMirror mirror = http(SHORT)) {
      assertThrows(
          MirrorException.class, () -> mirror.fetchBytes(RepositoryPath.of(name), 100_000));
    }
  }

  @Test
  void nobodyListens() {
    server.stop(0);
    try (HttpMirror mirror = http(HttpPatience.DEFAULT)) {
      assertThrows(MirrorException.class, () -> mirror.fetchBytes(RepositoryPath.of("x"), 7));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:/etc", "http:/x", "ftp" + ":/" + "/host/", "x"})
  void otherAddressesAreRefused(String address) {
    assertThrows(
        IllegalArgumentException.class,
        () -> new HttpMirror(URI.create(address), HttpPatience.DEFAULT));
  }

  private HttpMirror http(HttpPatience patience) {
    return new HttpMirror(
        URI.create("http:/" + "/127.0.0.1:" + server.getAddress().getPort() + "/repo"), patience);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    asked.add(path);
    try (exchange) {
      switch (path.substring(path.lastIndexOf('/') + 1)) {
        case "404", "403", "410", "500", "204", "206" ->
            exchange.sendResponseHeaders(
                Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)), -1);
        case "302" -> exchange.sendResponseHeaders(302, -1);
        case "nowhere" -> redirect(exchange, "file:/etc/passwd");
        case "loop" -> redirect(exchange, "/repo/loop");
        case "moved" -> redirect(exchange, "/elsewhere");
        case "cut" -> {
          exchange.sendResponseHeaders(200, 50);
          exchange.getResponseBody().write(CONTENT);
        }
        case "silent" -> awaitEnd();
        case "trickle" -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(CONTENT);
          exchange.getResponseBody().flush();
          awaitEnd();
        }
        case "endless" -> sendWithoutEnd(exchange);
        default -> {
          exchange.sendResponseHeaders(200, CONTENT.length);
          exchange.getResponseBody().write(CONTENT);
        }
      }
    }
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().add("Location", to);
    exchange.sendResponseHeaders(302, -1);
  }

  private void sendWithoutEnd(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    OutputStream body = exchange.getResponseBody();
    while (end.getCount() > 0) {
      body.write(new byte[8192]); // until the client hangs up
    }
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
