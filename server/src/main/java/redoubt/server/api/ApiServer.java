package redoubt.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import redoubt.core.model.HostId;
import redoubt.server.commands.CollectDesk;
import redoubt.server.commands.CommandDesk;
import redoubt.server.identity.Authority;
import redoubt.server.identity.DocumentSigner;
import redoubt.server.outputs.OutputDesk;
import redoubt.server.plane.HostPlane;
import redoubt.server.policy.PolicyDesk;
import redoubt.server.rollouts.RolloutDesk;
import redoubt.server.store.AuditTrail;
import redoubt.server.store.HostStore;
import redoubt.server.store.MarkStore;
import redoubt.server.store.ObjectionStore;
import redoubt.server.store.OperatorStore;
import redoubt.server.store.RecordStore;
import redoubt.server.store.Role;
import redoubt.server.store.StandingOrders;
import redoubt.server.store.TokenStore;

/// The REST interface. Thread-safe.
public final class ApiServer implements AutoCloseable {
  private static final String BASE = "/api/v1";
  private static final int MOST_BODY_BYTES = 64 * 1024;
  private static final int MOST_CONNECTIONS = 1_000;

  /// How long somebody may say nothing, within a request and between two.
  private static final Duration IDLE = Duration.ofSeconds(60);

  private final Parts parts;
  private final InstantSource clock;
  private final Gate gate;
  private final HostRoutes hosts;
  private final RolloutRoutes rollouts;
  private final CommandRoutes commands;
  private final PolicyRoutes policy;
  private final OutputRoutes outputs;
  private final EngineRoutes engines;
  private final MarkRoutes marks;
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
      CollectDesk collected,
      PolicyDesk policy,
      OutputDesk outputs,
      EngineRoutes.Source engines,
      ObjectionStore objections,
      MarkStore marks,
      DocumentSigner signer,
      Changes changes) {}

  /// Begins to listen.
  ///
  /// @param names the names and addresses under which it is reached, for its certificate
  public ApiServer(
      InetSocketAddress address, List<String> names, Parts parts, InstantSource clock) {
    this.parts = parts;
    this.clock = clock;
    this.names = List.copyOf(names);
    gate = new Gate(parts.operators());
    hosts =
        new HostRoutes(
            parts.hosts(), parts.tokens(), parts.records(), parts.marks(), parts.plane(), clock);
    console = new Console(parts.changes());
    commands = new CommandRoutes(parts.commands(), parts.collected(), clock);
    policy = new PolicyRoutes(parts.policy());
    outputs = new OutputRoutes(parts.outputs());
    engines = new EngineRoutes(parts.engines(), parts.objections(), parts.signer(), clock);
    marks = new MarkRoutes(parts.marks(), parts.changes()::tell, clock);
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
        .get(BASE + "/hosts", gate.to(Role.VIEWER, hosts::list))
        .get(BASE + "/hosts/{id}", gate.to(Role.VIEWER, hosts::show))
        .get(BASE + "/hosts/{id}/records", gate.to(Role.VIEWER, hosts::records))
        .post(BASE + "/hosts/{id}/revoke", gate.to(Role.OPERATOR, hosts::revoke))
        .get(
            BASE + "/hosts/{id}/commands",
            gate.to(Role.VIEWER, asked -> commands.list(hosts.found(asked).id(), asked.most())))
        .post(
            BASE + "/hosts/{id}/commands",
            gate.to(
                Role.OPERATOR,
                asked -> commands.order(hosts.found(asked).id(), asked.body(), asked.operator())))
        .get(
            BASE + "/hosts/{id}/commands/{command}/collected",
            gate.toFile(Role.OPERATOR, this::collected))
        .post(BASE + "/tokens", gate.to(Role.OPERATOR, hosts::makeToken))
        .get(BASE + "/findings", gate.to(Role.VIEWER, hosts::findings))
        .get(BASE + "/engines", gate.to(Role.VIEWER, engines::list))
        .get(BASE + "/engines/export", gate.toDownload(Role.VIEWER, this::export))
        .get(BASE + "/engines/key", gate.toDownload(Role.VIEWER, _ -> engines.key()))
        .get(BASE + "/marks", gate.to(Role.VIEWER, marks::list))
        .post(BASE + "/marks", gate.to(Role.OPERATOR, marks::add))
        .delete(BASE + "/marks/{id}", gate.to(Role.OPERATOR, marks::remove))
        .get(BASE + "/audit", gate.to(Role.VIEWER, this::audit))
        .get(BASE + "/operators", gate.to(Role.OWNER, this::operators))
        .put(BASE + "/operators/{name}", gate.to(Role.OWNER, this::putOperator))
        .delete(BASE + "/operators/{name}", gate.to(Role.OWNER, this::removeOperator))
        .get(BASE + "/policy", gate.to(Role.VIEWER, policy::show))
        .post(BASE + "/policy/exceptions", gate.to(Role.OWNER, policy::add))
        .delete(BASE + "/policy/exceptions/{id}", gate.to(Role.OWNER, policy::remove))
        .get(BASE + "/outputs", gate.to(Role.OWNER, outputs::list))
        .post(BASE + "/outputs", gate.to(Role.OWNER, outputs::add))
        .delete(BASE + "/outputs/{id}", gate.to(Role.OWNER, outputs::remove))
        .get(BASE + "/me", gate.to(_ -> true, asked -> Answers.operator(asked.operator())))
        .get(BASE + "/live", this::watch)
        .post(BASE + "/session", gate::comeIn)
        .delete(BASE + "/session", (_, out) -> Gate.keep(out, ""));
    routeRollouts(routes);
    console.route(routes);
  }

  private void routeRollouts(HttpRouting.Builder routes) {
    routes
        .get(
            BASE + "/rollouts",
            gate.to(ApiServer::seesRollouts, asked -> rollouts.list(asked.operator())))
        .get(
            BASE + "/rollouts/{id}",
            gate.to(
                ApiServer::seesRollouts, asked -> rollouts.show(rollout(asked), asked.operator())))
        .post(
            BASE + "/rollouts",
            gate.to(
                ApiServer::preparesRollouts,
                asked -> rollouts.prepare(asked.body(), asked.operator())))
        .post(
            BASE + "/rollouts/{id}/{order}",
            gate.to(
                Role.OWNER,
                asked -> rollouts.order(rollout(asked), asked.part("order"), asked.operator())))
        .get(BASE + "/windows", gate.to(Role.VIEWER, _ -> rollouts.windows()))
        .put(
            BASE + "/windows/{label}",
            gate.to(
                Role.OWNER,
                asked -> rollouts.setWindow(asked.part("label"), asked.body(), asked.operator())))
        .delete(
            BASE + "/windows/{label}",
            gate.to(
                Role.OWNER, asked -> rollouts.removeWindow(asked.part("label"), asked.operator())))
        .post(BASE + "/hosts/{id}/labels", gate.to(Role.OPERATOR, this::label))
        .get(BASE + "/orders", gate.to(Role.VIEWER, _ -> rollouts.standing()))
        .post(BASE + "/vendors/{vendor}/kill", gate.to(Role.OWNER, asked -> kill(asked, true)))
        .post(BASE + "/vendors/{vendor}/revive", gate.to(Role.OWNER, asked -> kill(asked, false)))
        .post(BASE + "/hosts/{id}/pin", gate.to(Role.OPERATOR, asked -> pin(asked, true)))
        .post(BASE + "/hosts/{id}/unpin", gate.to(Role.OPERATOR, asked -> pin(asked, false)));
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
    return Integer.parseInt(asked.part("id"));
  }

  private JsonNode kill(Asked asked, boolean stands) {
    return rollouts.stand(
        StandingOrders.What.VENDOR_KILLED, asked.part("vendor"), stands, asked.operator());
  }

  private Download export(Asked asked) {
    Download export = engines.export(asked);
    parts.audit().add(clock.instant(), asked.by(), "engines.export", export.name(), "");
    return export;
  }

  private Path collected(Asked asked) {
    HostId host = hosts.found(asked).id();
    String command = asked.part("command");
    Path file = commands.collected(host, Long.parseLong(command));
    parts
        .audit()
        .add(clock.instant(), asked.by(), "collected.fetch", host.toString(), "id=" + command);
    return file;
  }

  private JsonNode label(Asked asked) {
    HostId host = hosts.found(asked).id();
    rollouts.label(host, asked.body(), asked.operator());
    parts.policy().labelled(host);
    return hosts.show(asked);
  }

  private JsonNode pin(Asked asked, boolean stands) {
    return rollouts.stand(
        StandingOrders.What.HOST_PINNED,
        hosts.found(asked).id().toString(),
        stands,
        asked.operator());
  }

  // ---- people

  private JsonNode audit(Asked asked) {
    ArrayNode entries = Answers.array();
    parts
        .audit()
        .newest(asked.longNumber("before"), asked.most())
        .forEach(entry -> entries.add(Answers.audit(entry)));
    return Answers.object().set("entries", entries);
  }

  private JsonNode operators(Asked asked) {
    ArrayNode operators = Answers.array();
    parts.operators().list().forEach(each -> operators.add(Answers.operator(each)));
    return Answers.object().set("operators", operators);
  }

  private JsonNode putOperator(Asked asked) {
    String name = asked.part("name");
    Role role = Role.valueOf(Body.text(asked.body(), "role", "viewer").toUpperCase(Locale.ROOT));
    String token = parts.operators().put(name, role, asked.by(), clock.instant());
    return Answers.object().put("name", name).put("role", Answers.word(role)).put("token", token);
  }

  private JsonNode removeOperator(Asked asked) {
    String name = asked.part("name");
    parts.operators().remove(name, asked.by(), clock.instant());
    return Answers.object().put("name", name);
  }

  private void watch(ServerRequest in, ServerResponse out) {
    if (gate.operator(in).isPresent()) {
      console.watch(out);
    } else {
      Gate.sendAway(out);
    }
  }

  @Override
  public void close() {
    renewal.shutdownNow();
    parts.changes().end();
    server.stop();
  }
}
