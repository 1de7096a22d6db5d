package redoubt.server.api;

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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import redoubt.core.model.HostId;
import redoubt.core.wire.EnrolmentToken;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.server.commands.CommandDesk;
import redoubt.server.identity.Authority;
import redoubt.server.plane.HostPlane;
import redoubt.server.plane.HostSession;
import redoubt.server.rollouts.RolloutDesk;
import redoubt.server.store.AuditTrail;
import redoubt.server.store.HostEntry;
import redoubt.server.store.HostStore;
import redoubt.server.store.Operator;
import redoubt.server.store.OperatorStore;
import redoubt.server.store.RecordStore;
import redoubt.server.store.RefusedException;
import redoubt.server.store.Role;
import redoubt.server.store.StandingOrders;
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
  private final RolloutRoutes rollouts;
  private final CommandRoutes commands;
  private final Console console;
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
      HostPlane plane,
      RolloutDesk rollouts,
      CommandDesk commands,
      Changes changes) {}

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
    console = new Console(parts.changes());
    commands = new CommandRoutes(parts.commands(), clock);
    rollouts = new RolloutRoutes(parts.rollouts(), parts.operators(), parts.audit());
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
            (in, out) -> answer(in, out, Role.OWNER, this::removeOperator))
        .get(BASE + "/findings", (in, out) -> answer(in, out, Role.VIEWER, this::findings))
        .get(
            BASE + "/me",
            (in, out) -> answer(in, out, _ -> true, asked -> Answers.operator(asked.operator())))
        .get(BASE + "/live", this::watch)
        .post(BASE + "/session", this::comeIn)
        .delete(BASE + "/session", (_, out) -> keep(out, ""));
    routes
        .get(
            BASE + "/hosts/{id}/commands",
            (in, out) ->
                answer(
                    in, out, Role.VIEWER, asked -> commands.list(found(asked).id(), most(asked))))
        .post(
            BASE + "/hosts/{id}/commands",
            (in, out) ->
                answer(
                    in,
                    out,
                    Role.OPERATOR,
                    asked -> commands.order(found(asked).id(), body(asked), asked.operator())));
    routeRollouts(routes);
    console.route(routes);
  }

  private void routeRollouts(HttpRouting.Builder routes) {
    routes
        .get(
            BASE + "/rollouts",
            (in, out) ->
                answer(in, out, ApiServer::seesRollouts, asked -> rollouts.list(asked.operator())))
        .get(
            BASE + "/rollouts/{id}",
            (in, out) ->
                answer(
                    in,
                    out,
                    ApiServer::seesRollouts,
                    asked -> rollouts.show(rollout(asked), asked.operator())))
        .post(
            BASE + "/rollouts",
            (in, out) ->
                answer(
                    in,
                    out,
                    ApiServer::preparesRollouts,
                    asked -> rollouts.prepare(body(asked), asked.operator())))
        .post(
            BASE + "/rollouts/{id}/{order}",
            (in, out) ->
                answer(
                    in,
                    out,
                    Role.OWNER,
                    asked ->
                        rollouts.order(rollout(asked), part(asked, "order"), asked.operator())))
        .get(BASE + "/orders", (in, out) -> answer(in, out, Role.VIEWER, _ -> rollouts.standing()))
        .post(
            BASE + "/vendors/{vendor}/kill",
            (in, out) -> answer(in, out, Role.OWNER, asked -> standing(asked, true)))
        .post(
            BASE + "/vendors/{vendor}/revive",
            (in, out) -> answer(in, out, Role.OWNER, asked -> standing(asked, false)))
        .post(
            BASE + "/hosts/{id}/pin",
            (in, out) -> answer(in, out, Role.OPERATOR, asked -> pin(asked, true)))
        .post(
            BASE + "/hosts/{id}/unpin",
            (in, out) -> answer(in, out, Role.OPERATOR, asked -> pin(asked, false)));
  }

  /// A vendor sees its own.
  private static boolean seesRollouts(Role role) {
    return role.covers(Role.VIEWER) || role == Role.VENDOR;
  }

  /// A vendor its own; an owner starts it.
  private static boolean preparesRollouts(Role role) {
    return role == Role.OWNER || role == Role.VENDOR;
  }

  private static int rollout(Asked asked) {
    return Integer.parseInt(part(asked, "id"));
  }

  private JsonNode standing(Asked asked, boolean stands) {
    return rollouts.stand(
        StandingOrders.What.VENDOR_KILLED, part(asked, "vendor"), stands, asked.operator());
  }

  private JsonNode pin(Asked asked, boolean stands) {
    return rollouts.stand(
        StandingOrders.What.HOST_PINNED, found(asked).id().toString(), stands, asked.operator());
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

  private JsonNode findings(Asked asked) {
    ArrayNode findings = Answers.array();
    Map<HostId, String> names = new HashMap<>();
    for (RecordStore.Line line : parts.records().findings(most(asked))) {
      findings.add(
          Answers.object()
              .put("host", line.host().toString())
              .put("name", names.computeIfAbsent(line.host(), this::hostName))
              .put("number", line.number())
              .put("kept", line.kept().toString())
              .put("line", line.line()));
    }
    return Answers.object().set("findings", findings);
  }

  private String hostName(HostId host) {
    return parts.hosts().find(host).orElseThrow().inventory().hostName();
  }

  private JsonNode revoke(Asked asked) {
    HostEntry host = found(asked);
    String reason = Body.text(body(asked), "reason", "");
    parts.hosts().revoke(host.id(), asked.operator().name(), reason, clock.instant());
    parts.plane().castOut(host.id());
    return host(parts.hosts().find(host.id()).orElseThrow());
  }

  private JsonNode makeToken(Asked asked) {
    JsonNode body = body(asked);
    Duration life = Duration.ofHours(hours(body));
    Optional<HostId> host =
        Optional.of(Body.text(body, "host", "")).filter(id -> !id.isEmpty()).map(HostId::parse);
    TokenTerms terms = new TokenTerms(Body.text(body, "site", ""), deviceClass(body), host, life);
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
    return DeviceClass.valueOf(Body.text(body, "deviceClass", "server").toUpperCase(Locale.ROOT));
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
    String name = part(asked, "name");
    Role role = Role.valueOf(Body.text(body(asked), "role", "viewer").toUpperCase(Locale.ROOT));
    String token = parts.operators().put(name, role, asked.operator().name(), clock.instant());
    return Answers.object().put("name", name).put("role", Answers.word(role)).put("token", token);
  }

  private JsonNode removeOperator(Asked asked) {
    String name = part(asked, "name");
    parts.operators().remove(name, asked.operator().name(), clock.instant());
    return Answers.object().put("name", name);
  }

  // ---- what they have in common

  private void answer(ServerRequest in, ServerResponse out, Role needed, Answer answer) {
    answer(in, out, role -> role.covers(needed), answer);
  }

  private void answer(
      ServerRequest in, ServerResponse out, Predicate<Role> allowed, Answer answer) {
    try {
      Optional<Operator> operator = operator(in);
      if (operator.isEmpty()) {
        send(out, Status.UNAUTHORIZED_401, Answers.error("no token, or none that is known here"));
      } else if (!allowed.test(operator.get().role())) {
        send(
            out,
            Status.FORBIDDEN_403,
            Answers.error(
                "needs the role "
                    + Arrays.stream(Role.values())
                        .filter(allowed)
                        .map(Answers::word)
                        .findFirst()
                        .orElseThrow()
                    + ", and yours is "
                    + Answers.word(operator.get().role())));
      } else {
        send(out, Status.OK_200, answer.to(new Asked(in, operator.get())));
      }
    } catch (NotFoundException e) {
      send(out, Status.NOT_FOUND_404, Answers.error(String.valueOf(e.getMessage())));
    } catch (RefusedException e) {
      send(out, Status.CONFLICT_409, Answers.error(String.valueOf(e.getMessage())));
    } catch (IllegalArgumentException e) {
      send(out, Status.BAD_REQUEST_400, Answers.error(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      failed(out, e);
    }
  }

  private static void failed(ServerResponse out, RuntimeException problem) {
    LOG.log(System.Logger.Level.ERROR, "a request could not be served", problem);
    send(
        out,
        Status.SERVICE_UNAVAILABLE_503,
        Answers.error("the server cannot do this now; its log says why"));
  }

  private Optional<Operator> operator(ServerRequest in) {
    return in.headers()
        .first(HeaderNames.AUTHORIZATION)
        .filter(value -> value.startsWith(BEARER))
        .map(value -> value.substring(BEARER.length()))
        .or(() -> Console.tokenIn(in))
        .flatMap(parts.operators()::holder);
  }

  // ---- the console

  /// Has a browser keep a token, if it is one.
  private void comeIn(ServerRequest in, ServerResponse out) {
    try {
      String token = Body.text(Body.of(in), "token");
      if (parts.operators().holder(token).isPresent()) {
        keep(out, token);
      } else {
        send(out, Status.UNAUTHORIZED_401, Answers.error("nobody has that token"));
      }
    } catch (IllegalArgumentException e) {
      send(out, Status.BAD_REQUEST_400, Answers.error(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      failed(out, e);
    }
  }

  private static void keep(ServerResponse out, String token) {
    out.header(HeaderNames.SET_COOKIE, Console.cookie(token));
    send(out, Status.OK_200, Answers.object());
  }

  private void watch(ServerRequest in, ServerResponse out) {
    if (operator(in).isPresent()) {
      console.watch(out);
    } else {
      send(out, Status.UNAUTHORIZED_401, Answers.error("no token, or none that is known here"));
    }
  }

  private static void send(ServerResponse out, Status status, JsonNode body) {
    out.status(status)
        .header(HeaderNames.CONTENT_TYPE, "application/json")
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .send(body.toString().getBytes(StandardCharsets.UTF_8));
  }

  private HostEntry found(Asked asked) {
    HostId id = HostId.parse(part(asked, "id"));
    return parts
        .hosts()
        .find(id)
        .orElseThrow(() -> new NotFoundException("no such host: id=" + id));
  }

  private static JsonNode body(Asked asked) {
    return Body.of(asked.request());
  }

  private static String part(Asked asked, String name) {
    return asked.request().path().pathParameters().get(name);
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

  @Override
  public void close() {
    renewal.shutdownNow();
    parts.changes().end();
    server.stop();
  }
}
