package redoubt.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import redoubt.core.model.HostId;
import redoubt.core.wire.EnrolmentToken;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.server.identity.Authority;
import redoubt.server.plane.HostPlane;
import redoubt.server.plane.HostSession;
import redoubt.server.store.AuditTrail;
import redoubt.server.store.HostEntry;
import redoubt.server.store.HostStore;
import redoubt.server.store.Operator;
import redoubt.server.store.OperatorStore;
import redoubt.server.store.RecordStore;
import redoubt.server.store.RefusedException;
import redoubt.server.store.Role;
import redoubt.server.store.TokenStore;
import redoubt.server.store.TokenTerms;

/// The REST interface. Thread-safe.
public final class ApiServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("redoubt.server");
  private static final String BASE = "/api/v1";
  private static final String BEARER = "Bearer ";
  private static final int MOST_BODY_BYTES = 64 * 1024;
  private static final int MOST_ENTRIES = 1_000;
  private static final int USUAL_ENTRIES = 100;
  private static final int USUAL_TOKEN_HOURS = 24;
  private static final int MOST_CONNECTIONS = 1_000;

  /// How long somebody may say nothing, within a request and between two.
  private static final Duration IDLE = Duration.ofSeconds(60);

  private final Parts parts;
  private final InstantSource clock;
  private final List<String> names;
  private final WebServer server;
  private final ScheduledExecutorService renewal =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("api-certificate").daemon().factory());

  /// What it speaks for.
  public record Parts(
      Authority authority,
      HostStore hosts,
      TokenStore tokens,
      RecordStore records,
      AuditTrail audit,
      OperatorStore operators,
      HostPlane plane) {}

  /// Somebody has asked for something and may.
  private record Asked(ServerRequest request, Operator operator) {}

  @FunctionalInterface
  private interface Answer {
    JsonNode to(Asked asked);
  }

  /// Begins to listen.
  ///
  /// @param names the names and addresses under which it is reached, for its certificate
  public ApiServer(
      InetSocketAddress address, List<String> names, Parts parts, InstantSource clock) {
    this.parts = parts;
    this.clock = clock;
    this.names = List.copyOf(names);
    server =
        WebServer.builder()
            .address(address.getAddress())
            .port(address.getPort())
            .maxPayloadSize(MOST_BODY_BYTES)
            .maxTcpConnections(MOST_CONNECTIONS)
            .idleConnectionTimeout(IDLE)
            .connectionOptions(options -> options.readTimeout(IDLE))
            .tls(tls())
            .routing(this::route)
            .build()
            .start();
    long third = Authority.SERVER_LIFE.dividedBy(3).toMillis();
    var _ = renewal.scheduleAtFixedRate(this::renew, third, third, TimeUnit.MILLISECONDS);
  }

  /// Over TLS alone, by a certificate of its own from the fleet's authority.
  private Tls tls() {
    Authority.Issued own = parts.authority().issueServer(names, clock.instant());
    return Tls.builder()
        .privateKey(own.key())
        .privateKeyCertChain(List.of(own.certificate(), parts.authority().certificate()))
        .build();
  }

  /// Shows another certificate from now on, long before the last one ends.
  void renew() {
    server.reloadTls(tls());
  }

  /// The port that it listens at.
  public int port() {
    return server.port();
  }

  private void route(HttpRouting.Builder routes) {
    routes
        .get(BASE + "/hosts", (in, out) -> answer(in, out, Role.VIEWER, this::hosts))
        .get(BASE + "/hosts/{id}", (in, out) -> answer(in, out, Role.VIEWER, this::host))
        .get(BASE + "/hosts/{id}/records", (in, out) -> answer(in, out, Role.VIEWER, this::records))
        .post(
            BASE + "/hosts/{id}/revoke", (in, out) -> answer(in, out, Role.OPERATOR, this::revoke))
        .post(BASE + "/tokens", (in, out) -> answer(in, out, Role.OPERATOR, this::makeToken))
        .get(BASE + "/audit", (in, out) -> answer(in, out, Role.VIEWER, this::audit))
        .get(BASE + "/operators", (in, out) -> answer(in, out, Role.OWNER, this::operators))
        .put(
            BASE + "/operators/{name}", (in, out) -> answer(in, out, Role.OWNER, this::putOperator))
        .delete(
            BASE + "/operators/{name}",
            (in, out) -> answer(in, out, Role.OWNER, this::removeOperator));
  }

  // ---- hosts

  private JsonNode hosts(Asked asked) {
    ArrayNode hosts = Answers.array();
    parts
        .hosts()
        .list(number(asked, "from", 0, Integer.MAX_VALUE, 0), most(asked))
        .forEach(host -> hosts.add(host(host)));
    return Answers.object().set("hosts", hosts);
  }

  private JsonNode host(Asked asked) {
    return host(found(asked));
  }

  private JsonNode host(HostEntry host) {
    Optional<HostSession> session = parts.plane().session(host.id());
    HostEntry now = session.flatMap(HostSession::seen).map(host::with).orElse(host);
    return Answers.host(now, session.isPresent());
  }

  private JsonNode records(Asked asked) {
    ArrayNode records = Answers.array();
    HostId host = found(asked).id();
    long before = longNumber(asked, "before", Long.MAX_VALUE);
    for (RecordStore.Line line : parts.records().newest(host, before, most(asked))) {
      records.add(
          Answers.object()
              .put("number", line.number())
              .put("kept", line.kept().toString())
              .put("line", line.line()));
    }
    return Answers.object().set("records", records);
  }

  private JsonNode revoke(Asked asked) {
    HostEntry host = found(asked);
    String reason = text(body(asked), "reason", "");
    parts.hosts().revoke(host.id(), asked.operator().name(), reason, clock.instant());
    parts.plane().castOut(host.id());
    return host(parts.hosts().find(host.id()).orElseThrow());
  }

  private JsonNode makeToken(Asked asked) {
    JsonNode body = body(asked);
    Duration life = Duration.ofHours(hours(body));
    Optional<HostId> host =
        Optional.of(text(body, "host", "")).filter(id -> !id.isEmpty()).map(HostId::parse);
    TokenTerms terms = new TokenTerms(text(body, "site", ""), deviceClass(body), host, life);
    Instant now = clock.instant();
    EnrolmentToken token = parts.tokens().make(terms, asked.operator().name(), now);
    return Answers.object().put("token", token.text()).put("expires", now.plus(life).toString());
  }

  private static int hours(JsonNode body) {
    JsonNode hours = body.path("hours");
    if (!hours.isMissingNode() && !hours.isInt()) {
      throw new IllegalArgumentException("is no whole number: field=hours");
    }
    return hours.asInt(USUAL_TOKEN_HOURS);
  }

  private static DeviceClass deviceClass(JsonNode body) {
    return DeviceClass.valueOf(text(body, "deviceClass", "server").toUpperCase(Locale.ROOT));
  }

  // ---- people

  private JsonNode audit(Asked asked) {
    ArrayNode entries = Answers.array();
    parts
        .audit()
        .newest(longNumber(asked, "before", Long.MAX_VALUE), most(asked))
        .forEach(entry -> entries.add(Answers.audit(entry)));
    return Answers.object().set("entries", entries);
  }

  private JsonNode operators(Asked asked) {
    ArrayNode operators = Answers.array();
    parts.operators().list().forEach(each -> operators.add(Answers.operator(each)));
    return Answers.object().set("operators", operators);
  }

  private JsonNode putOperator(Asked asked) {
    String name = asked.request().path().pathParameters().get("name");
    Role role = Role.valueOf(text(body(asked), "role", "viewer").toUpperCase(Locale.ROOT));
    String token = parts.operators().put(name, role, asked.operator().name(), clock.instant());
    return Answers.object().put("name", name).put("role", Answers.word(role)).put("token", token);
  }

  private JsonNode removeOperator(Asked asked) {
    String name = asked.request().path().pathParameters().get("name");
    parts.operators().remove(name, asked.operator().name(), clock.instant());
    return Answers.object().put("name", name);
  }

  // ---- what they have in common

  private void answer(ServerRequest in, ServerResponse out, Role needed, Answer answer) {
    try {
      Optional<Operator> operator = operator(in);
      if (operator.isEmpty()) {
        send(out, Status.UNAUTHORIZED_401, Answers.error("no token, or none that is known here"));
      } else if (!operator.get().role().covers(needed)) {
        send(
            out,
            Status.FORBIDDEN_403,
            Answers.error(
                "needs the role "
                    + Answers.word(needed)
                    + ", and yours is "
                    + Answers.word(operator.get().role())));
      } else {
        send(out, Status.OK_200, answer.to(new Asked(in, operator.get())));
      }
    } catch (NotFound e) {
      send(out, Status.NOT_FOUND_404, Answers.error(String.valueOf(e.getMessage())));
    } catch (RefusedException e) {
      send(out, Status.CONFLICT_409, Answers.error(String.valueOf(e.getMessage())));
    } catch (IllegalArgumentException e) {
      send(out, Status.BAD_REQUEST_400, Answers.error(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a request could not be served", e);
      send(
          out,
          Status.SERVICE_UNAVAILABLE_503,
          Answers.error("the server cannot do this now; its log says why"));
    }
  }

  private Optional<Operator> operator(ServerRequest in) {
    return in.headers()
        .first(HeaderNames.AUTHORIZATION)
        .filter(value -> value.startsWith(BEARER))
        .flatMap(value -> parts.operators().holder(value.substring(BEARER.length())));
  }

  private static void send(ServerResponse out, Status status, JsonNode body) {
    out.status(status)
        .header(HeaderNames.CONTENT_TYPE, "application/json")
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .send(body.toString().getBytes(StandardCharsets.UTF_8));
  }

  private HostEntry found(Asked asked) {
    HostId id = HostId.parse(asked.request().path().pathParameters().get("id"));
    return parts.hosts().find(id).orElseThrow(() -> new NotFound("no such host: id=" + id));
  }

  private static JsonNode body(Asked asked) {
    byte[] bytes = asked.request().content().as(byte[].class);
    try {
      JsonNode body = bytes.length == 0 ? Answers.object() : Answers.JSON.readTree(bytes);
      if (!body.isObject()) {
        throw new IllegalArgumentException("the body is no JSON object");
      }
      return body;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the body is no JSON: " + e.getOriginalMessage(), e);
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException("the body cannot be read", e);
    }
  }

  private static String text(JsonNode body, String field, String usual) {
    JsonNode value = body.path(field);
    if (value.isMissingNode()) {
      return usual;
    }
    if (!value.isTextual()) {
      throw new IllegalArgumentException("is no text: field=" + field);
    }
    return value.asText();
  }

  private static int most(Asked asked) {
    return number(asked, "most", 1, MOST_ENTRIES, USUAL_ENTRIES);
  }

  private static int number(Asked asked, String name, int least, int most, int usual) {
    Optional<String> text = asked.request().query().first(name).asOptional();
    int value = text.map(Integer::parseInt).orElse(usual);
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "out of range: " + name + "=" + value + " least=" + least + " most=" + most);
    }
    return value;
  }

  private static long longNumber(Asked asked, String name, long usual) {
    return asked.request().query().first(name).asOptional().map(Long::parseLong).orElse(usual);
  }

  /// What was asked about is not there.
  private static final class NotFound extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1L;

    NotFound(String message) {
      super(message);
    }
  }

  @Override
  public void close() {
    renewal.shutdownNow();
    server.stop();
  }
}
