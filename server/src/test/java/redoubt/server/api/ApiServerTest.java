package redoubt.server.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.content.SignedDocument;
import redoubt.core.wire.EnrolmentToken;
import redoubt.core.wire.HostInventory;
import redoubt.courier.FleetClient;
import redoubt.courier.HostKey;
import redoubt.server.FleetServer;
import redoubt.server.identity.Authority;
import redoubt.server.made.Storage;
import redoubt.server.store.Role;

/// A whole server, asked over real TLS.
@ParameterizedClass
@EnumSource
class ApiServerTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String NOBODY = "redoubt-operator-" + "A".repeat(43);
  private static final HostInventory INVENTORY =
      new HostInventory("web-1", "Debian", "6.1", "x86_64", "", 2, 4_000, "0.1.0");

  @Parameter Storage storage;
  @TempDir Path folder;

  private final Map<Role, String> tokens = new EnumMap<>(Role.class);
  private FleetServer server;
  private HttpClient http;

  /// What can be asked, and the least that may.
  ///
  /// @param vendors whether vendors may too
  record Endpoint(String method, String path, String body, Role needed, int done, boolean vendors) {
    Endpoint(String method, String path, String body, Role needed, int done) {
      this(method, path, body, needed, done, false);
    }

    Endpoint andVendors() {
      return new Endpoint(method, path, body, needed, done, true);
    }
  }

  static Stream<Endpoint> endpoints() {
    String host = "/hosts/" + "0".repeat(32);
    return Stream.of(
        new Endpoint("GET", "/hosts", "", Role.VIEWER, 200),
        new Endpoint("GET", host, "", Role.VIEWER, 404),
        new Endpoint("GET", host + "/records", "", Role.VIEWER, 404),
        new Endpoint("POST", host + "/revoke", "", Role.OPERATOR, 404),
        new Endpoint("POST", "/tokens", "", Role.OPERATOR, 200),
        new Endpoint("GET", "/audit", "", Role.VIEWER, 200),
        new Endpoint("GET", "/operators", "", Role.OWNER, 200),
        new Endpoint("PUT", "/operators/eve", "{\"role\":\"viewer\"}", Role.OWNER, 200),
        new Endpoint("DELETE", "/operators/nobody", "", Role.OWNER, 409),
        new Endpoint("GET", "/rollouts", "", Role.VIEWER, 200).andVendors(),
        new Endpoint("GET", "/rollouts/1", "", Role.VIEWER, 404).andVendors(),
        new Endpoint("POST", "/rollouts", "{}", Role.OWNER, 400).andVendors(),
        new Endpoint("POST", "/rollouts/1/start", "", Role.OWNER, 404),
        new Endpoint("GET", "/policy", "", Role.VIEWER, 200),
        new Endpoint("POST", "/policy/exceptions", "{}", Role.OWNER, 400),
        new Endpoint("DELETE", "/policy/exceptions/7", "", Role.OWNER, 409),
        new Endpoint("GET", "/outputs", "", Role.OWNER, 200),
        new Endpoint("POST", "/outputs", "{}", Role.OWNER, 400),
        new Endpoint("DELETE", "/outputs/7", "", Role.OWNER, 409),
        new Endpoint("GET", "/findings", "", Role.VIEWER, 200),
        new Endpoint("GET", "/engines", "", Role.VIEWER, 200),
        new Endpoint("GET", "/engines/export", "", Role.VIEWER, 200),
        new Endpoint("GET", "/engines/key", "", Role.VIEWER, 200),
        new Endpoint("GET", "/marks", "", Role.VIEWER, 200),
        new Endpoint("POST", "/marks", "{}", Role.OPERATOR, 400),
        new Endpoint("DELETE", "/marks/7", "", Role.OPERATOR, 409),
        new Endpoint("GET", "/me", "", Role.VIEWER, 200).andVendors(),
        new Endpoint("GET", "/orders", "", Role.VIEWER, 200),
        new Endpoint("GET", "/windows", "", Role.VIEWER, 200),
        new Endpoint("PUT", "/windows/night", "{}", Role.OWNER, 400),
        new Endpoint("DELETE", "/windows/none", "", Role.OWNER, 409),
        new Endpoint("POST", host + "/labels", "{}", Role.OPERATOR, 404),
        new Endpoint("POST", "/vendors/acme/kill", "", Role.OWNER, 200),
        new Endpoint("POST", "/vendors/none/revive", "", Role.OWNER, 409),
        new Endpoint("GET", host + "/commands", "", Role.VIEWER, 404),
        new Endpoint("POST", host + "/commands", "", Role.OPERATOR, 404),
        new Endpoint("GET", host + "/commands/3/collected", "", Role.OPERATOR, 404),
        new Endpoint("POST", host + "/pin", "", Role.OPERATOR, 404),
        new Endpoint("POST", host + "/unpin", "", Role.OPERATOR, 404));
  }

  @BeforeEach
  void open() throws Exception {
    server = FleetServer.start(storage.settings(folder.resolve("server"), 0));
    for (Role role : Role.values()) {
      tokens.put(role, server.operators().put("some-" + Answers.word(role), role, "test", now()));
    }
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry(
        "fleet", Authority.in(folder.resolve("server"), now()).certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    http = HttpClient.newBuilder().sslContext(tls).connectTimeout(Duration.ofSeconds(20)).build();
  }

  @AfterEach
  void close() {
    http.close();
    server.close();
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void eachIsForItsRolesAlone(Endpoint endpoint) throws Exception {
    for (Role role : Role.values()) {
      boolean may = role.covers(endpoint.needed()) || (role == Role.VENDOR && endpoint.vendors());
      int expected = may ? endpoint.done() : 403;
      assertEquals(expected, ask(token(role), endpoint).statusCode(), role + " " + endpoint);
    }
    assertEquals(401, ask(NOBODY, endpoint).statusCode());
    assertEquals(401, ask("", endpoint).statusCode());
    assertEquals(401, ask("' or '1'='1", endpoint).statusCode());
  }

  @Test
  void aHostIsTakenInShownAndCastOut() throws Exception {
    JsonNode made = done(Role.OPERATOR, "POST", "/tokens", "{\"site\":\"berlin\",\"hours\":2}");
    EnrolmentToken token = EnrolmentToken.parse(made.path("token").asText());
    String id;
    try (FleetClient stranger =
        FleetClient.stranger(
            new FleetClient.Address("127.0.0.1", server.hostPort()), token.authority())) {
      id = stranger.enrol(token.secret(), HostKey.make(), INVENTORY).host().toString();
    }
    JsonNode host = done(Role.VIEWER, "GET", "/hosts", "").path("hosts").path(0);
    assertEquals(id, host.path("id").asText());
    assertEquals("web-1", host.path("name").asText());
    assertEquals("berlin", host.path("site").asText());
    assertEquals("unknown", host.path("state").asText());
    assertFalse(host.path("connected").asBoolean(true));
    JsonNode gone =
        done(Role.OPERATOR, "POST", "/hosts/" + id + "/revoke", "{\"reason\":\"stolen\"}");
    assertTrue(gone.has("revoked"), gone::toString);
    JsonNode last = done(Role.VIEWER, "GET", "/audit?most=1", "").path("entries").path(0);
    assertEquals("some-operator", last.path("actor").asText());
    assertEquals("host.revoke", last.path("action").asText());
    assertEquals("stolen", last.path("detail").asText());
  }

  @Test
  void whoeverIsRemovedIsNobody() throws Exception {
    JsonNode eve = done(Role.OWNER, "PUT", "/operators/eve", "{\"role\":\"operator\"}");
    String token = eve.path("token").asText();
    Endpoint hosts = new Endpoint("GET", "/hosts", "", Role.VIEWER, 200);
    assertEquals(200, ask(token, hosts).statusCode());
    JsonNode again = done(Role.OWNER, "PUT", "/operators/eve", "{\"role\":\"viewer\"}");
    assertNotEquals(token, again.path("token").asText());
    assertEquals(401, ask(token, hosts).statusCode(), "a new token ends the one before");
    done(Role.OWNER, "DELETE", "/operators/eve", "");
    assertEquals(401, ask(again.path("token").asText(), hosts).statusCode());
  }

  private HttpResponse<String> withCookie(
      String cookie, String method, String path, boolean fromConsole) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("https:/" + "/127.0.0.1:" + server.apiPort() + "/api/v1" + path))
            .timeout(Duration.ofSeconds(20))
            .header("Cookie", cookie)
            .method(method, HttpRequest.BodyPublishers.ofString("{}"));
    if (fromConsole) {
      request.header("X-Redoubt-Console", "1");
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aBrowserIsKnownByItsCookieAndChangesNothingForAnotherPage() throws Exception {
    Endpoint login =
        new Endpoint(
            "POST", "/session", "{\"token\":\"" + token(Role.OPERATOR) + "\"}", Role.VIEWER, 200);
    HttpResponse<String> in = ask("", login);
    assertEquals(200, in.statusCode());
    String set = in.headers().firstValue("Set-Cookie").orElseThrow();
    for (String guard : List.of("HttpOnly", "Secure", "SameSite=Strict", "Path=/api")) {
      assertTrue(set.contains(guard), set);
    }
    String cookie = set.substring(0, set.indexOf(';'));
    assertEquals(200, withCookie(cookie, "GET", "/hosts", false).statusCode());
    assertEquals(401, withCookie(cookie, "POST", "/tokens", false).statusCode());
    assertEquals(200, withCookie(cookie, "POST", "/tokens", true).statusCode());
    assertEquals(403, withCookie(cookie, "GET", "/operators", true).statusCode());
    assertEquals(401, withCookie("redoubt=" + NOBODY, "GET", "/hosts", true).statusCode());
    HttpResponse<String> out = ask("", new Endpoint("DELETE", "/session", "", Role.VIEWER, 200));
    assertTrue(
        out.headers().firstValue("Set-Cookie").orElseThrow().contains("Max-Age=0"),
        out.headers()::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"token\":\"x\"}", "{\"token\":7}", "{}", "[", ""})
  void whoeverHasNoTokenGetsNoCookie(String body) throws Exception {
    HttpResponse<String> answer = ask("", new Endpoint("POST", "/session", body, Role.VIEWER, 400));
    assertTrue(answer.statusCode() == 400 || answer.statusCode() == 401, answer::body);
    assertTrue(answer.headers().firstValue("Set-Cookie").isEmpty());
  }

  @Test
  void onlyWhoMayLookIsToldOfChanges() throws Exception {
    Endpoint live = new Endpoint("GET", "/live", "", Role.VIEWER, 200);
    assertEquals(401, ask("", live).statusCode());
    assertEquals(401, ask(NOBODY, live).statusCode());
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("https:/" + "/127.0.0.1:" + server.apiPort() + "/api/v1/live"))
            .header("Authorization", "Bearer " + token(Role.VIEWER))
            .build();
    try (Stream<String> lines = http.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      List<String> first = lines.filter(line -> !line.isBlank()).limit(2).toList();
      assertTrue(first.stream().anyMatch(line -> line.endsWith("change")), first::toString);
    }
  }

  @Test
  void thePageRunsNothingButItsOwnFiles() throws Exception {
    for (String path : List.of("", "index.html", "app.js", "style.css", "icon.svg")) {
      HttpResponse<String> page =
          http.send(
              HttpRequest.newBuilder(
                      URI.create("https:/" + "/127.0.0.1:" + server.apiPort() + "/" + path))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(200, page.statusCode(), path);
      String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
      assertTrue(policy.contains("default-src 'none'"), policy);
      assertFalse(policy.contains("unsafe"), policy);
      assertEquals("nosniff", page.headers().firstValue("X-Content-Type-Options").orElseThrow());
    }
    assertEquals(
        404,
        http.send(
                HttpRequest.newBuilder(
                        URI.create(
                            "https:/"
                                + "/127.0.0.1:"
                                + server.apiPort()
                                + "/..%2fmigration%2fV1__fleet.sql"))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .statusCode());
  }

  @Test
  void whatIsMarkedIsListedAuditedAndTakenBack() throws Exception {
    String body =
        "{\"engine\":\"sigma\",\"rule\":\"Odd shell\",\"subject\":\"/opt/x\",\"comment\":\"ours\"}";
    JsonNode made = done(Role.OPERATOR, "POST", "/marks", body);
    assertEquals("some-operator", made.path("madeBy").asText());
    assertEquals(
        409,
        ask(token(Role.OWNER), new Endpoint("POST", "/marks", body, Role.OWNER, 409)).statusCode());
    assertEquals(made, done(Role.VIEWER, "GET", "/marks", "").path("marks").path(0));
    JsonNode added = done(Role.VIEWER, "GET", "/audit?most=1", "").path("entries").path(0);
    assertEquals("mark.add", added.path("action").asText());
    assertEquals(
        "engine=sigma rule=\"Odd shell\" subject=\"/opt/x\" comment=\"ours\"",
        added.path("detail").asText());
    done(Role.OPERATOR, "DELETE", "/marks/" + made.path("id").asInt(), "");
    assertTrue(done(Role.VIEWER, "GET", "/marks", "").path("marks").isEmpty());
    JsonNode removed = done(Role.VIEWER, "GET", "/audit?most=1", "").path("entries").path(0);
    assertEquals("mark.remove", removed.path("action").asText());
  }

  @Test
  void whatIsExportedIsSignedByTheSameKeyAfterARestart() throws Exception {
    Endpoint export = new Endpoint("GET", "/engines/export?days=7", "", Role.VIEWER, 200);
    Endpoint key = new Endpoint("GET", "/engines/key", "", Role.VIEWER, 200);
    HttpResponse<String> answer = ask(token(Role.VIEWER), export);
    assertEquals(
        "attachment; filename=\"engines.json\"",
        answer.headers().firstValue("Content-Disposition").orElseThrow());
    SignedDocument signed = SignedDocument.parse(answer.body().getBytes(StandardCharsets.UTF_8));
    assertEquals(EngineRoutes.TYPE, signed.type());
    assertEquals(7, JSON.readTree(signed.payload().toArray()).path("days").asInt());
    String open = ask(token(Role.VIEWER), key).body();
    assertTrue(signed.isSignedBy(open.getBytes(StandardCharsets.US_ASCII)));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(folder.resolve("server/scorecard.key"))));
    server.close();
    server = FleetServer.start(storage.settings(folder.resolve("server"), 0));
    assertEquals(open, ask(token(Role.VIEWER), key).body());
  }

  @Test
  void whoeverPreparedARolloutDoesNotStartIt() throws Exception {
    String rules =
        "{\"vendor\":\"acme\",\"engine\":\"sigma\",\"name\":\"rules\",\"version\":7,\"sha256\":\""
            + "a".repeat(64)
            + "\"}";
    int id = done(Role.OWNER, "POST", "/rollouts", rules).path("id").asInt();
    String start = "/rollouts/" + id + "/start";
    HttpResponse<String> refused =
        ask(token(Role.OWNER), new Endpoint("POST", start, "", Role.OWNER, 409));
    assertEquals(409, refused.statusCode());
    assertTrue(refused.body().contains("another owner has to"), refused::body);
    String other =
        done(Role.OWNER, "PUT", "/operators/bob", "{\"role\":\"owner\"}").path("token").asText();
    HttpResponse<String> started = ask(other, new Endpoint("POST", start, "", Role.OWNER, 200));
    assertEquals("running", JSON.readTree(started.body()).path("state").asText());
    JsonNode shown = done(Role.VIEWER, "GET", "/rollouts/" + id, "");
    assertEquals("rollout.promote", shown.path("history").path(0).path("action").asText());
  }

  @Test
  void aVendorSeesAndOffersItsOwnAlone() throws Exception {
    String acme =
        done(Role.OWNER, "PUT", "/operators/acme", "{\"role\":\"vendor\"}").path("token").asText();
    String form =
        "{\"vendor\":\"%s\",\"engine\":\"sigma\",\"name\":\"rules\",\"version\":7,\"sha256\":\""
            + "a".repeat(64)
            + "\"}";
    done(Role.OWNER, "POST", "/rollouts", form.formatted("other"));
    Endpoint list = new Endpoint("GET", "/rollouts", "", Role.VIEWER, 200);
    assertTrue(JSON.readTree(ask(acme, list).body()).path("rollouts").isEmpty());
    assertEquals(
        404, ask(acme, new Endpoint("GET", "/rollouts/1", "", Role.VIEWER, 404)).statusCode());
    assertEquals(
        409,
        ask(acme, new Endpoint("POST", "/rollouts", form.formatted("other"), Role.OWNER, 409))
            .statusCode());
    assertEquals(
        200,
        ask(acme, new Endpoint("POST", "/rollouts", form.formatted("acme"), Role.OWNER, 200))
            .statusCode());
    assertEquals(1, JSON.readTree(ask(acme, list).body()).path("rollouts").size());
    assertEquals(
        403,
        ask(acme, new Endpoint("POST", "/rollouts/2/start", "", Role.OWNER, 403)).statusCode());
  }

  @Test
  void theLastOwnerStays() throws Exception {
    done(Role.OWNER, "DELETE", "/operators/owner", "");
    HttpResponse<String> refused =
        ask(
            token(Role.OWNER),
            new Endpoint("DELETE", "/operators/some-owner", "", Role.OWNER, 409));
    assertEquals(409, refused.statusCode());
    assertTrue(refused.body().contains("somebody has to own the fleet"), refused::body);
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void whatMakesNoSenseIsSaidSo(Endpoint endpoint) throws Exception {
    HttpResponse<String> answer = ask(token(Role.OWNER), endpoint);
    assertEquals(endpoint.done(), answer.statusCode(), endpoint + " " + answer.body());
    assertTrue(JSON.readTree(answer.body()).hasNonNull("error"), answer::body);
  }

  private static Stream<Endpoint> nonsense() {
    return Stream.of(
        new Endpoint("GET", "/hosts/xyz", "", Role.OWNER, 400),
        new Endpoint("GET", "/hosts?most=0", "", Role.OWNER, 400),
        new Endpoint("GET", "/hosts?most=1001", "", Role.OWNER, 400),
        new Endpoint("GET", "/hosts?from=a", "", Role.OWNER, 400),
        new Endpoint("POST", "/tokens", "{", Role.OWNER, 400),
        new Endpoint("POST", "/tokens", "[]", Role.OWNER, 400),
        new Endpoint("POST", "/tokens", "{\"site\":7}", Role.OWNER, 400),
        new Endpoint("POST", "/tokens", "{\"site\":\"a b\"}", Role.OWNER, 400),
        new Endpoint("POST", "/tokens", "{\"hours\":100000}", Role.OWNER, 400),
        new Endpoint("POST", "/tokens", "{\"hours\":\"soon\"}", Role.OWNER, 400),
        new Endpoint("POST", "/tokens", "{\"hours\":1.5}", Role.OWNER, 400),
        new Endpoint("GET", "/engines?days=0", "", Role.OWNER, 400),
        new Endpoint("GET", "/engines/export?days=366", "", Role.OWNER, 400),
        new Endpoint("POST", "/marks", "{\"engine\":\"A b\",\"rule\":\"\"}", Role.OWNER, 400),
        new Endpoint("POST", "/marks", "{\"engine\":\"sigma\"}", Role.OWNER, 400),
        new Endpoint("DELETE", "/marks/x", "", Role.OWNER, 400),
        new Endpoint("POST", "/tokens", "{\"deviceClass\":\"toaster\"}", Role.OWNER, 400),
        new Endpoint("POST", "/tokens", "{\"host\":\"" + "0".repeat(32) + "\"}", Role.OWNER, 409),
        new Endpoint("POST", "/rollouts", "{\"vendor\":\"acme\"}", Role.OWNER, 400),
        new Endpoint(
            "POST",
            "/rollouts",
            "{\"vendor\":\"a b\",\"engine\":\"sigma\",\"name\":\"rules\",\"version\":7,\"sha256\":\""
                + "a".repeat(64)
                + "\"}",
            Role.OWNER,
            400),
        new Endpoint("GET", "/rollouts/x", "", Role.OWNER, 400),
        new Endpoint("POST", "/rollouts/1/dance", "", Role.OWNER, 404),
        new Endpoint("POST", "/vendors/a%20b/kill", "", Role.OWNER, 400),
        new Endpoint("PUT", "/operators/Eve", "{\"role\":\"viewer\"}", Role.OWNER, 409),
        new Endpoint("PUT", "/operators/eve", "{\"role\":\"king\"}", Role.OWNER, 400));
  }

  private JsonNode done(Role role, String method, String path, String body) throws Exception {
    HttpResponse<String> answer = ask(token(role), new Endpoint(method, path, body, role, 200));
    assertEquals(200, answer.statusCode(), answer::body);
    return JSON.readTree(answer.body());
  }

  private HttpResponse<String> ask(String token, Endpoint endpoint) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    "https:/" + "/127.0.0.1:" + server.apiPort() + "/api/v1" + endpoint.path()))
            .timeout(Duration.ofSeconds(20))
            .method(endpoint.method(), HttpRequest.BodyPublishers.ofString(endpoint.body()));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String token(Role role) {
    return String.valueOf(tokens.get(role));
  }

  private static Instant now() {
    return Instant.now();
  }
}
