package redoubt.server.api;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.http.sse.SseEvent;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.sse.SseSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// The page for people who would rather look than read: its files, and that somebody is told when
/// there is something new to see. It asks the REST interface as any program does. Thread-safe.
final class Console {
  /// Where a browser keeps who asks. No script can read it, and no other page can send it.
  static final String COOKIE = "redoubt";

  /// What the page sends with each request, and no form of another page can.
  static final HeaderName FROM_CONSOLE = HeaderNames.create("X-Redoubt-Console");

  private static final int MOST_WATCHERS = 200;
  private static final int WAIT_SECONDS = 15;
  private static final int PAUSE_MILLIS = 500;

  /// Nothing is loaded from elsewhere, nothing runs that is not one of these files, and no page
  /// frames this one.
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private static final List<String> FILES =
      List.of(
          "index.html",
          "style.css",
          "icon.svg",
          "app.js",
          "api.js",
          "dom.js",
          "overview.js",
          "rollouts.js",
          "hosts.js",
          "engines.js",
          "policy.js",
          "findings.js",
          "people.js");

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Semaphore watchers = new Semaphore(MOST_WATCHERS);
  private final Changes changes;

  Console(Changes changes) {
    this.changes = changes;
    for (String name : FILES) {
      files.put(name, read(name));
    }
  }

  private static byte[] read(String name) {
    try (InputStream content =
        Objects.requireNonNull(
            Console.class.getResourceAsStream("/redoubt/server/console/" + name), name)) {
      return content.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void route(HttpRouting.Builder routes) {
    routes.get("/", (_, out) -> send(out, "index.html"));
    for (String name : FILES) {
      routes.get("/" + name, (_, out) -> send(out, name));
    }
  }

  private void send(ServerResponse out, String name) {
    out.header(
            HeaderNames.CONTENT_TYPE,
            Objects.requireNonNull(TYPES.get(name.substring(name.lastIndexOf('.') + 1))))
        .header(HeaderNames.CACHE_CONTROL, "no-cache")
        .header(HeaderNames.create("Content-Security-Policy"), POLICY)
        .header(HeaderNames.create("X-Content-Type-Options"), "nosniff")
        .header(HeaderNames.create("Referrer-Policy"), "no-referrer")
        .send(Objects.requireNonNull(files.get(name)));
  }

  /// The token that a browser keeps; nothing if it keeps none, or if something is to be changed and
  /// it is not our page that asks.
  static Optional<String> tokenIn(ServerRequest in) {
    boolean onlyLooks = in.prologue().method().text().equals("GET");
    return onlyLooks || in.headers().contains(FROM_CONSOLE)
        ? in.headers().cookies().first(COOKIE).asOptional()
        : Optional.empty();
  }

  /// The head of an answer by which a browser keeps a token, or forgets it.
  static String cookie(String token) {
    return COOKIE
        + "="
        + token
        + "; Path=/api; Secure; HttpOnly; SameSite=Strict"
        + (token.isEmpty() ? "; Max-Age=0" : "");
  }

  /// Tells of changes until whoever watches goes away, or the server stops.
  void watch(ServerResponse out) {
    if (!watchers.tryAcquire()) {
      out.status(Status.SERVICE_UNAVAILABLE_503).send();
      return;
    }
    try (SseSink sink = out.sink(SseSink.TYPE)) {
      long known = -1;
      while (!changes.hasEnded()) {
        known = changes.await(known, WAIT_SECONDS);
        // Also when nothing has changed: that is how it is noticed that nobody is there.
        sink.emit(SseEvent.builder().name("change").data(Long.toString(known)).build());
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (UncheckedIOException _) {
      // Whoever watched has gone.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      watchers.release();
    }
  }
}
