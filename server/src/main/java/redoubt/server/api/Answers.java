package redoubt.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import redoubt.server.store.AuditEntry;
import redoubt.server.store.HostEntry;
import redoubt.server.store.Operator;

/// What the server tells, as JSON. Stateless.
final class Answers {
  static final JsonMapper JSON = new JsonMapper();

  private Answers() {}

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static ArrayNode array() {
    return JSON.createArrayNode();
  }

  /// @param isConnected whether it is connected now
  static JsonNode host(HostEntry host, boolean isConnected) {
    ObjectNode node = object();
    node.put("id", host.id().toString());
    node.put("name", host.inventory().hostName());
    node.put("connected", isConnected);
    node.put("state", host.state().map(Answers::word).orElse("unknown"));
    node.put("site", host.site());
    node.put("deviceClass", word(host.deviceClass()));
    host.labels().forEach(node.putArray("labels")::add);
    node.put("system", host.inventory().system());
    node.put("kernel", host.inventory().kernel());
    node.put("machine", host.inventory().machine());
    node.put("model", host.inventory().model());
    node.put("processors", host.inventory().processors());
    node.put("memoryMiB", host.inventory().memoryMiB());
    node.put("agentVersion", host.inventory().agentVersion());
    node.put("number", host.number());
    node.put("enrolment", host.enrolment());
    node.put("enrolled", text(host.enrolled()));
    node.put("seen", text(host.seen()));
    host.revoked().ifPresent(time -> node.put("revoked", text(time)));
    return node;
  }

  static JsonNode audit(AuditEntry entry) {
    ObjectNode node = object();
    node.put("sequence", entry.sequence());
    node.put("time", text(entry.at()));
    node.put("actor", entry.actor());
    node.put("action", entry.action());
    node.put("subject", entry.subject());
    node.put("detail", entry.detail());
    return node;
  }

  static JsonNode operator(Operator operator) {
    ObjectNode node = object();
    node.put("name", operator.name());
    node.put("role", word(operator.role()));
    node.put("madeBy", operator.madeBy());
    node.put("made", text(operator.made()));
    return node;
  }

  static JsonNode error(String message) {
    return object().put("error", message);
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String text(Instant time) {
    return time.toString();
  }
}
