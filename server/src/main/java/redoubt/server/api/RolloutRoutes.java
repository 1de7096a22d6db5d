package redoubt.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import redoubt.core.model.EngineId;
import redoubt.core.model.HostId;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage;
import redoubt.fleet.rollout.Channel;
import redoubt.fleet.rollout.MaintenanceWindow;
import redoubt.fleet.rollout.OwnerOrder;
import redoubt.fleet.rollout.RingStatus;
import redoubt.fleet.rollout.RolloutStatus;
import redoubt.fleet.rollout.Watch;
import redoubt.server.rollouts.RolloutDesk;
import redoubt.server.rollouts.RolloutView;
import redoubt.server.store.AuditTrail;
import redoubt.server.store.LabelStore;
import redoubt.server.store.Operator;
import redoubt.server.store.OperatorStore;
import redoubt.server.store.RefusedException;
import redoubt.server.store.RingTerms;
import redoubt.server.store.Role;
import redoubt.server.store.StandingOrders;
import redoubt.server.store.WindowJson;

/// What people ask about rollouts. Thread-safe.
record RolloutRoutes(RolloutDesk desk, OperatorStore operators, AuditTrail audit) {
  private static final int MOST_HISTORY = 100;
  private static final int MOST_SOAK_SECONDS = 86_400;
  private static final Pattern SUBJECT = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final String END = "end";
  private static final Map<String, OwnerOrder> ORDERS =
      Map.of(
          "start", new OwnerOrder.Start(),
          "halt", new OwnerOrder.Halt(),
          "resume", new OwnerOrder.Resume(),
          "rollback", new OwnerOrder.RollBack());

  JsonNode list(Operator by) {
    ArrayNode all = Answers.array();
    desk.list().stream().filter(view -> sees(by, view)).forEach(view -> all.add(json(view)));
    return Answers.object().set("rollouts", all);
  }

  JsonNode show(int id, Operator by) {
    RolloutView view = found(id, by);
    ObjectNode node = json(view);
    ArrayNode history = node.putArray("history");
    audit.ofRollout(id, MOST_HISTORY).forEach(entry -> history.add(Answers.audit(entry)));
    return node;
  }

  /// A vendor is called as its bundles are.
  private static boolean sees(Operator by, RolloutView view) {
    return by.role() != Role.VENDOR || by.name().equals(view.entry().bundle().vendor());
  }

  private RolloutView found(int id, Operator by) {
    return desk.find(id)
        .filter(view -> sees(by, view))
        .orElseThrow(() -> new NotFoundException("no such rollout: id=" + id));
  }

  JsonNode prepare(JsonNode body, Operator by) {
    String vendor = Body.text(body, "vendor");
    if (by.role() == Role.VENDOR && !by.name().equals(vendor)) {
      throw new RefusedException("a vendor offers its own bundles: vendor=" + vendor);
    }
    BundleName bundle =
        new BundleName(
            vendor,
            new EngineId(Body.text(body, "engine")),
            Body.text(body, "name"),
            version(body),
            Sha256.parse(Body.text(body, "sha256")));
    // What no host could be told is no bundle.
    FleetCodec.encode(new FleetMessage.Offer(bundle));
    Channel channel = channel(Body.text(body, "channel", "standard"));
    return json(
        desk.prepare(
            bundle, channel, soakSeconds(body), RingTerms.read(body.path("rings")), by.name()));
  }

  private static Channel channel(String name) {
    try {
      return Channel.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "is no channel, which are emergency, standard and careful: channel=" + name, e);
    }
  }

  private static int soakSeconds(JsonNode body) {
    JsonNode value = body.path("soakSeconds");
    int seconds = value.isMissingNode() ? Watch.USUAL.soakSeconds() : value.asInt();
    if ((!value.isMissingNode() && !value.isInt()) || seconds < 1 || seconds > MOST_SOAK_SECONDS) {
      throw new IllegalArgumentException("out of range, 1 to 86400: field=soakSeconds");
    }
    return seconds;
  }

  private static long version(JsonNode body) {
    JsonNode value = body.path("version");
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 1) {
      throw new IllegalArgumentException("is no version: field=version");
    }
    return value.asLong();
  }

  /// Orders something of a rollout. Whoever prepared it does not start it, if there is another
  /// owner who can.
  JsonNode order(int id, String word, Operator by) {
    RolloutView before = found(id, by);
    if (word.equals(END)) {
      return json(desk.end(id, by.name()));
    }
    OwnerOrder order = ORDERS.get(word);
    if (order == null) {
      throw new NotFoundException("no such order: order=" + word);
    }
    if (order instanceof OwnerOrder.Start
        && before.entry().madeBy().equals(by.name())
        && operators.list().stream()
            .anyMatch(other -> other.role() == Role.OWNER && !other.name().equals(by.name()))) {
      throw new RefusedException(
          "whoever prepared a rollout does not start it: another owner has to");
    }
    return json(desk.order(id, order, by.name()));
  }

  /// Gives a host labels and takes others from it.
  void label(HostId host, JsonNode body, Operator by) {
    desk.label(host, labels(body, "add"), labels(body, "remove"), by.name());
  }

  private static Set<String> labels(JsonNode body, String field) {
    Set<String> labels = new TreeSet<>();
    body.path(field).forEach(label -> labels.add(LabelStore.requireLabel(label.asText())));
    if (labels.size() > LabelStore.MOST) {
      throw new IllegalArgumentException("too many: field=" + field);
    }
    return labels;
  }

  JsonNode windows() {
    ArrayNode all = Answers.array();
    desk.windows().forEach((label, window) -> all.add(json(label, window)));
    return Answers.object().set("windows", all);
  }

  JsonNode setWindow(String label, JsonNode body, Operator by) {
    MaintenanceWindow window = WindowJson.read(body);
    desk.window(LabelStore.requireLabel(label), Optional.of(window), by.name());
    return json(label, window);
  }

  JsonNode removeWindow(String label, Operator by) {
    desk.window(LabelStore.requireLabel(label), Optional.empty(), by.name());
    return Answers.object().put("label", label);
  }

  private static JsonNode json(String label, MaintenanceWindow window) {
    return WindowJson.write(window).put("label", label);
  }

  JsonNode stand(StandingOrders.What what, String subject, boolean stands, Operator by) {
    if (!SUBJECT.matcher(subject).matches()) {
      throw new IllegalArgumentException("nothing of that name can be: name=" + subject);
    }
    desk.stand(new StandingOrders.Order(what, subject), stands, by.name());
    return Answers.object()
        .put("what", Answers.word(what))
        .put("subject", subject)
        .put("stands", stands);
  }

  JsonNode standing() {
    ArrayNode all = Answers.array();
    desk.standing()
        .forEach(order ->
            all.add(
                Answers.object()
                    .put("what", Answers.word(order.what()))
                    .put("subject", order.subject())));
    return Answers.object().set("orders", all);
  }

  private static ObjectNode json(RolloutView view) {
    BundleName bundle = view.entry().bundle();
    ObjectNode node =
        Answers.object()
            .put("id", view.entry().id())
            .put("state", state(view))
            .put("vendor", bundle.vendor())
            .put("engine", bundle.engine().value())
            .put("name", bundle.name())
            .put("version", bundle.version())
            .put("sha256", bundle.sha256().toString())
            .put("channel", Answers.word(view.entry().channel()))
            .put("soakSeconds", view.entry().soakSeconds())
            .put("preparedBy", view.entry().madeBy())
            .put("prepared", view.entry().made().toString());
    view.entry().ended().ifPresent(time -> node.put("ended", time.toString()));
    view.status().ifPresent(status -> add(node, view.ring(), status));
    if (view.status().isPresent()) {
      ArrayNode rings = node.putArray("rings");
      view.rings().forEach(ring -> rings.add(json(ring)));
    }
    view.halt()
        .ifPresent(halt ->
            node.putObject("halt")
                .put("reason", Answers.word(halt.reason()))
                .put("symptom", Answers.word(halt.evidence().symptom()))
                .put("withUpdate", halt.evidence().treatedEvents())
                .put("without", halt.evidence().controlEvents()));
    return node;
  }

  private static JsonNode json(RingStatus ring) {
    return Answers.object()
        .put("name", ring.name())
        .put("open", ring.open())
        .put("hosts", ring.hosts())
        .put("exposed", ring.exposed())
        .put("confirmed", ring.confirmed())
        .put("failed", ring.failed());
  }

  private static String state(RolloutView view) {
    if (view.status().isEmpty()) {
      return "ended";
    }
    RolloutStatus status = view.status().get();
    if (status.rollingBack()) {
      return "rolling-back";
    }
    if (status.running()) {
      return status.frozen() ? "frozen" : "running";
    }
    return view.halt().isPresent() ? "halted" : "prepared";
  }

  private static void add(ObjectNode node, String ring, RolloutStatus status) {
    node.put("ring", status.ring())
        .put("ringName", ring)
        .put("exposed", status.exposed())
        .put("confirmed", status.healthy())
        .put("online", status.online());
  }
}
