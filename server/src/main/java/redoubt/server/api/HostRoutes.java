package redoubt.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import redoubt.core.model.HostId;
import redoubt.core.wire.EnrolmentToken;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.server.plane.HostPlane;
import redoubt.server.plane.HostSession;
import redoubt.server.store.HostEntry;
import redoubt.server.store.HostStore;
import redoubt.server.store.Mark;
import redoubt.server.store.MarkStore;
import redoubt.server.store.Objection;
import redoubt.server.store.RecordStore;
import redoubt.server.store.TokenStore;
import redoubt.server.store.TokenTerms;

/// What people ask of hosts, and of the tokens that let them in. Thread-safe.
record HostRoutes(
    HostStore hosts,
    TokenStore tokens,
    RecordStore records,
    MarkStore marks,
    HostPlane plane,
    InstantSource clock) {
  private static final int USUAL_TOKEN_HOURS = 24;

  JsonNode list(Asked asked) {
    ArrayNode all = Answers.array();
    hosts
        .list(asked.number("from", 0, Integer.MAX_VALUE, 0), asked.most())
        .forEach(host -> all.add(json(host)));
    return Answers.object().set("hosts", all);
  }

  JsonNode show(Asked asked) {
    return json(found(asked));
  }

  private JsonNode json(HostEntry host) {
    Optional<HostSession> session = plane.session(host.id());
    HostEntry now = session.flatMap(HostSession::seen).map(host::with).orElse(host);
    return Answers.host(now, session.isPresent());
  }

  JsonNode records(Asked asked) {
    ArrayNode all = Answers.array();
    HostId host = found(asked).id();
    long before = asked.longNumber("before");
    for (RecordStore.Line line : records.newest(host, before, asked.most())) {
      all.add(
          Answers.object()
              .put("number", line.number())
              .put("kept", line.kept().toString())
              .put("line", line.line()));
    }
    return Answers.object().set("records", all);
  }

  JsonNode findings(Asked asked) {
    ArrayNode findings = Answers.array();
    Map<HostId, String> names = new HashMap<>();
    List<RecordStore.Line> lines = records.findings(asked.most());
    Map<RecordStore.Line, Objection> said = new HashMap<>();
    lines.forEach(
        line -> Objection.ofFinding(line.line()).ifPresent(objection -> said.put(line, objection)));
    List<Mark> marked = marks.covering(said.values());
    for (RecordStore.Line line : lines) {
      ObjectNode node =
          Answers.object()
              .put("host", line.host().toString())
              .put("name", names.computeIfAbsent(line.host(), this::hostName))
              .put("number", line.number())
              .put("kept", line.kept().toString())
              .put("line", line.line());
      Optional.ofNullable(said.get(line)).ifPresent(objection -> add(node, objection, marked));
      findings.add(node);
    }
    return Answers.object().set("findings", findings);
  }

  /// What a mark of a finding would say, and the one that there is.
  private static void add(ObjectNode node, Objection said, List<Mark> marked) {
    node.put("engine", said.engine())
        .put("rule", said.rule())
        .put("subject", said.subject().isEmpty() ? said.content() : said.subject());
    marked.stream()
        .filter(mark -> mark.terms().covers(said))
        .findFirst()
        .ifPresent(mark -> node.put("mark", mark.id()));
  }

  private String hostName(HostId host) {
    return hosts.find(host).orElseThrow().inventory().hostName();
  }

  JsonNode revoke(Asked asked) {
    HostEntry host = found(asked);
    String reason = Body.text(asked.body(), "reason", "");
    hosts.revoke(host.id(), asked.by(), reason, clock.instant());
    plane.castOut(host.id());
    return json(hosts.find(host.id()).orElseThrow());
  }

  JsonNode makeToken(Asked asked) {
    JsonNode body = asked.body();
    Duration life = Duration.ofHours(hours(body));
    Optional<HostId> host =
        Optional.of(Body.text(body, "host", "")).filter(id -> !id.isEmpty()).map(HostId::parse);
    TokenTerms terms = new TokenTerms(Body.text(body, "site", ""), deviceClass(body), host, life);
    Instant now = clock.instant();
    EnrolmentToken token = tokens.make(terms, asked.by(), now);
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

  HostEntry found(Asked asked) {
    HostId id = HostId.parse(asked.part("id"));
    return hosts.find(id).orElseThrow(() -> new NotFoundException("no such host: id=" + id));
  }
}
