package redoubt.server.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/// What outputs are told, as JSON. Stateless.
final class OutgoingJson {
  private static final JsonMapper JSON = new JsonMapper();

  private OutgoingJson() {}

  /// @param name of the host
  static String finding(String name, RecordStore.Line line) {
    ObjectNode node = JSON.createObjectNode();
    node.put("kind", OutputStore.word(OutputStore.Kind.FINDING));
    node.put("at", line.kept().toString());
    node.putObject("host").put("id", line.host().toString()).put("name", name);
    node.put("number", line.number());
    node.set("record", record(line.line()));
    return node.toString();
  }

  private static JsonNode record(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException _) {
      return TextNode.valueOf(line);
    }
  }

  static String audit(AuditEntry entry) {
    return JSON.createObjectNode()
        .put("kind", OutputStore.word(OutputStore.Kind.AUDIT))
        .put("at", entry.at().toString())
        .put("sequence", entry.sequence())
        .put("actor", entry.actor())
        .put("action", entry.action())
        .put("subject", entry.subject())
        .put("detail", entry.detail())
        .toString();
  }
}
