package redoubt.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import redoubt.server.outputs.OutputDesk;
import redoubt.server.store.OutputEntry;

/// What people ask of webhooks and syslog receivers. Thread-safe.
record OutputRoutes(OutputDesk desk) {
  private static final int MOST_ADDRESS_CHARS = 512;

  JsonNode list(Asked asked) {
    ArrayNode all = Answers.array();
    for (OutputDesk.State state : desk.list()) {
      ObjectNode node = json(state.output()).put("waiting", state.waiting());
      state.problem().ifPresent(problem -> node.put("problem", problem));
      all.add(node);
    }
    return Answers.object().set("outputs", all);
  }

  JsonNode add(Asked asked) {
    String address = Body.text(asked.body(), "address");
    if (address.length() > MOST_ADDRESS_CHARS) {
      throw new IllegalArgumentException("too long: field=address most=" + MOST_ADDRESS_CHARS);
    }
    OutputEntry output = desk.add(URI.create(address), asked.by());
    ObjectNode node = json(output).put("waiting", 0);
    return output.secret().isEmpty() ? node : node.put("secret", output.secret());
  }

  JsonNode remove(Asked asked) {
    int id = Integer.parseInt(asked.part("id"));
    desk.remove(id, asked.by());
    return Answers.object().put("id", id);
  }

  private static ObjectNode json(OutputEntry output) {
    return Answers.object()
        .put("id", output.id())
        .put("address", output.address().toString())
        .put("made", output.made().toString())
        .put("madeBy", output.madeBy())
        .put("lost", output.lost());
  }
}
