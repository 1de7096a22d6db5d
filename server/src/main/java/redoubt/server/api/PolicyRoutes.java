package redoubt.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import redoubt.core.model.HostId;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;
import redoubt.server.policy.PolicyDesk;
import redoubt.server.store.LabelStore;
import redoubt.server.store.PolicyEntry;
import redoubt.server.store.PolicyStore;

/// What people ask of what counts on hosts. Thread-safe.
record PolicyRoutes(PolicyDesk desk) {
  /// How many hosts are named that do not have all of it.
  private static final int MOST_NAMED = 100;

  JsonNode show(Asked asked) {
    PolicyStore.Policy policy = desk.all();
    Map<HostId, HostMessage.PolicyInForce> reports = desk.reports();
    ObjectNode node = Answers.object().put("version", policy.version());
    ArrayNode entries = node.putArray("exceptions");
    policy.entries().forEach(entry -> entries.add(json(entry)));
    node.put(
        "hostsInForce",
        reports.values().stream().filter(report -> report.version() == policy.version()).count());
    ArrayNode problems = node.putArray("problems");
    reports.entrySet().stream()
        .filter(report -> !report.getValue().problem().isEmpty())
        .limit(MOST_NAMED)
        .forEach(report -> problems.add(json(report.getKey(), report.getValue())));
    return node;
  }

  JsonNode add(Asked asked) {
    JsonNode body = asked.body();
    String label = Body.text(body, "label", "");
    PolicyEntry.Terms terms =
        new PolicyEntry.Terms(
            Body.text(body, "value"),
            Body.text(body, "engine", FleetMessage.Exemption.EVERY_ENGINE),
            label.isEmpty() ? "" : LabelStore.requireLabel(label),
            until(body),
            Body.text(body, "comment", ""));
    return json(desk.add(terms, asked.by()));
  }

  private static Optional<Instant> until(JsonNode body) {
    String until = Body.text(body, "until", "");
    if (until.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(until));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("is no time: field=until", e);
    }
  }

  JsonNode remove(Asked asked) {
    int id = Integer.parseInt(asked.part("id"));
    desk.remove(id, asked.by());
    return Answers.object().put("id", id);
  }

  private static JsonNode json(PolicyEntry entry) {
    PolicyEntry.Terms terms = entry.terms();
    ObjectNode node =
        Answers.object()
            .put("id", entry.id())
            .put("value", terms.subject())
            .put("engine", terms.engine())
            .put("comment", terms.note())
            .put("made", entry.made().toString())
            .put("madeBy", entry.madeBy());
    if (!terms.label().isEmpty()) {
      node.put("label", terms.label());
    }
    terms.until().ifPresent(until -> node.put("until", until.toString()));
    return node;
  }

  private static JsonNode json(HostId host, HostMessage.PolicyInForce report) {
    return Answers.object()
        .put("host", host.toString())
        .put("version", report.version())
        .put("leftOut", report.leftOut())
        .put("problem", report.problem());
  }
}
