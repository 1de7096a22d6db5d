package redoubt.server.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import redoubt.core.wire.FleetMessage.Action;

/// What is to be done on a host, as JSON. Stateless.
public final class ActionJson {
  private static final JsonMapper JSON = new JsonMapper();

  private ActionJson() {}

  /// An action as an object whose `action` says what it is.
  public static ObjectNode write(Action action) {
    ObjectNode node = JSON.createObjectNode();
    switch (action) {
      case Action.Isolate(int seconds) -> node.put("action", "isolate").put("seconds", seconds);
      case Action.EndIsolation() -> node.put("action", "end-isolation");
      case Action.Scan(var paths) -> {
        ArrayNode all = node.put("action", "scan").putArray("paths");
        paths.forEach(all::add);
      }
      case Action.TakeBack(var engine) -> node.put("action", "take-back").put("engine", engine);
      case Action.Collect(var paths) -> {
        ArrayNode all = node.put("action", "collect").putArray("paths");
        paths.forEach(all::add);
      }
    }
    return node;
  }

  /// Reads one.
  ///
  /// @throws IllegalArgumentException if it is none
  public static Action read(JsonNode node) {
    return switch (node.path("action").asText()) {
      case "isolate" -> {
        JsonNode seconds = node.path("seconds");
        if (!seconds.isInt()) {
          throw new IllegalArgumentException("is no whole number: field=seconds");
        }
        yield new Action.Isolate(seconds.intValue());
      }
      case "end-isolation" -> new Action.EndIsolation();
      case "scan" -> new Action.Scan(paths(node));
      case "collect" -> new Action.Collect(paths(node));
      case "take-back" -> new Action.TakeBack(node.path("engine").asText());
      default ->
          throw new IllegalArgumentException(
              "no action, which are isolate, end-isolation, scan, collect and take-back: action="
                  + node.path("action").asText());
    };
  }

  private static List<String> paths(JsonNode node) {
    List<String> paths = new ArrayList<>();
    node.path("paths").forEach(path -> paths.add(path.asText()));
    return paths;
  }

  static Action parse(String text) {
    try {
      return read(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no action", e);
    }
  }
}
