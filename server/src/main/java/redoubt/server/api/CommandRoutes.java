package redoubt.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.InstantSource;
import redoubt.core.model.HostId;
import redoubt.server.commands.CollectDesk;
import redoubt.server.commands.CommandDesk;
import redoubt.server.store.ActionJson;
import redoubt.server.store.HostCommand;
import redoubt.server.store.Operator;

/// What people want to be done on hosts. Thread-safe.
record CommandRoutes(CommandDesk desk, CollectDesk collected, InstantSource clock) {
  JsonNode order(HostId host, JsonNode body, Operator by) {
    return json(desk.order(host, ActionJson.read(body), by.name()));
  }

  JsonNode list(HostId host, int most) {
    ArrayNode all = Answers.array();
    desk.newest(host, most).forEach(command -> all.add(json(command)));
    return Answers.object().set("commands", all);
  }

  /// What a host has collected.
  Path collected(HostId host, long command) {
    return collected
        .find(host, command)
        .orElseThrow(() ->
            new NotFoundException(
                "nothing was collected, or it is not kept any more: command=" + command));
  }

  private JsonNode json(HostCommand command) {
    ObjectNode node = ActionJson.write(command.action());
    node.put("id", command.id())
        .put("host", command.host().toString())
        .put("operator", command.operator())
        .put("made", command.made().toString())
        .put("state", state(command));
    command
        .outcome()
        .ifPresent(
            outcome -> node.put("ended", outcome.at().toString()).put("outcome", outcome.text()));
    return node;
  }

  private String state(HostCommand command) {
    if (command.outcome().isPresent()) {
      return command.outcome().get().isDone() ? "done" : "failed";
    }
    return command.expires().isAfter(clock.instant()) ? "waiting" : "expired";
  }
}
