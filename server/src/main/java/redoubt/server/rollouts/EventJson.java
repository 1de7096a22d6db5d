package redoubt.server.rollouts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.fleet.rollout.HostBatch;
import redoubt.fleet.rollout.HostTraits;
import redoubt.fleet.rollout.OwnerOrder;
import redoubt.fleet.rollout.RolloutEvent;
import redoubt.fleet.rollout.Symptom;
import redoubt.server.store.WindowJson;

/// The events of a moment as one line of the journal: an array of objects, of which `e` says what
/// each is. What is read was written here; anything else is refused. Stateless.
final class EventJson {
  private static final JsonMapper JSON = new JsonMapper();

  private EventJson() {}

  static String write(List<Logged> events) {
    ArrayNode array = JSON.createArrayNode();
    for (Logged logged : events) {
      ObjectNode node = array.addObject();
      if (logged.rollout() != Logged.ALL) {
        node.put("r", logged.rollout());
      }
      write(node, logged.event());
    }
    return array.toString();
  }

  private static void write(ObjectNode node, RolloutEvent event) {
    switch (event) {
      case RolloutEvent.HostEnrolled(int host, HostTraits traits) ->
          node.put("e", "enrolled")
              .put("h", host)
              .put("class", traits.deviceClass().name())
              .put("kind", traits.kind())
              .put("site", traits.site())
              .put("labels", traits.labels())
              .put("window", traits.maintenanceWindow());
      case RolloutEvent.Heartbeats(HostBatch hosts) -> {
        node.put("e", "heard");
        ArrayNode numbers = node.putArray("h");
        for (int i = 0; i < hosts.size(); i++) {
          numbers.add(hosts.host(i));
        }
      }
      case RolloutEvent.LeaseRequested(int host) -> node.put("e", "asked").put("h", host);
      case RolloutEvent.ActivationStarted(int host, int lease) ->
          node.put("e", "started").put("h", host).put("lease", lease);
      case RolloutEvent.Confirmed(int host, int lease, String digest) ->
          node.put("e", "confirmed").put("h", host).put("lease", lease).put("digest", digest);
      case RolloutEvent.Running(int host, String digest) ->
          node.put("e", "running").put("h", host).put("digest", digest);
      case RolloutEvent.Failed(int host, Symptom symptom) ->
          node.put("e", "failed").put("h", host).put("symptom", symptom.name());
      case RolloutEvent.RolledBack(int host) -> node.put("e", "rolled-back").put("h", host);
      case RolloutEvent.WentAway(int host) -> node.put("e", "away").put("h", host);
      case RolloutEvent.Owner(OwnerOrder order) -> write(node.put("e", "owner"), order);
      case RolloutEvent.Tick() -> node.put("e", "tick");
    }
  }

  private static void write(ObjectNode node, OwnerOrder order) {
    switch (order) {
      case OwnerOrder.Start() -> node.put("order", "start");
      case OwnerOrder.Halt() -> node.put("order", "halt");
      case OwnerOrder.Resume() -> node.put("order", "resume");
      case OwnerOrder.RollBack() -> node.put("order", "roll-back");
      case OwnerOrder.KillVendor(String vendor) -> node.put("order", "kill").put("vendor", vendor);
      case OwnerOrder.ReviveVendor(String vendor) ->
          node.put("order", "revive").put("vendor", vendor);
      case OwnerOrder.Pin(int host) -> node.put("order", "pin").put("h", host);
      case OwnerOrder.Unpin(int host) -> node.put("order", "unpin").put("h", host);
      case OwnerOrder.SetWindow(int number, var window) ->
          node.put("order", "window").put("number", number).set("window", WindowJson.write(window));
    }
  }

  /// @throws IllegalArgumentException if the text is none that was written here
  static List<Logged> read(String text) {
    try {
      JsonNode array = JSON.readTree(text);
      if (!array.isArray()) {
        throw new IllegalArgumentException("no events");
      }
      List<Logged> events = new ArrayList<>();
      array.forEach(node -> events.add(new Logged(node.path("r").asInt(Logged.ALL), event(node))));
      return events;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no events", e);
    }
  }

  private static RolloutEvent event(JsonNode node) {
    return switch (node.path("e").asText()) {
      case "enrolled" -> new RolloutEvent.HostEnrolled(host(node), traits(node));
      case "heard" -> new RolloutEvent.Heartbeats(batch(node.path("h")));
      case "asked" -> new RolloutEvent.LeaseRequested(host(node));
      case "started" -> new RolloutEvent.ActivationStarted(host(node), number(node, "lease"));
      case "confirmed" ->
          new RolloutEvent.Confirmed(host(node), number(node, "lease"), text(node, "digest"));
      case "running" -> new RolloutEvent.Running(host(node), text(node, "digest"));
      case "failed" -> new RolloutEvent.Failed(host(node), Symptom.valueOf(text(node, "symptom")));
      case "rolled-back" -> new RolloutEvent.RolledBack(host(node));
      case "away" -> new RolloutEvent.WentAway(host(node));
      case "owner" -> new RolloutEvent.Owner(order(node));
      case "tick" -> new RolloutEvent.Tick();
      default -> throw new IllegalArgumentException("no event: e=" + node.path("e").asText());
    };
  }

  private static HostTraits traits(JsonNode node) {
    return new HostTraits(
        DeviceClass.valueOf(text(node, "class")),
        number(node, "kind"),
        number(node, "site"),
        node.path("labels").asLong(),
        number(node, "window"));
  }

  private static HostBatch batch(JsonNode numbers) {
    int[] hosts = new int[numbers.size()];
    for (int i = 0; i < hosts.length; i++) {
      JsonNode number = numbers.get(i);
      if (!number.isInt()) {
        throw new IllegalArgumentException("no number of a host");
      }
      hosts[i] = number.intValue();
    }
    return HostBatch.of(hosts);
  }

  private static OwnerOrder order(JsonNode node) {
    return switch (text(node, "order")) {
      case "start" -> new OwnerOrder.Start();
      case "halt" -> new OwnerOrder.Halt();
      case "resume" -> new OwnerOrder.Resume();
      case "roll-back" -> new OwnerOrder.RollBack();
      case "kill" -> new OwnerOrder.KillVendor(text(node, "vendor"));
      case "revive" -> new OwnerOrder.ReviveVendor(text(node, "vendor"));
      case "pin" -> new OwnerOrder.Pin(host(node));
      case "unpin" -> new OwnerOrder.Unpin(host(node));
      case "window" ->
          new OwnerOrder.SetWindow(number(node, "number"), WindowJson.read(node.path("window")));
      default -> throw new IllegalArgumentException("no order");
    };
  }

  private static int host(JsonNode node) {
    return number(node, "h");
  }

  private static int number(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isInt()) {
      throw new IllegalArgumentException("no whole number: field=" + field);
    }
    return value.intValue();
  }

  private static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("no text: field=" + field);
    }
    return value.asText();
  }
}
