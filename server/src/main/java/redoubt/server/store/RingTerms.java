package redoubt.server.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import redoubt.core.model.HostId;

/// A ring of a rollout, as people name it. Immutable.
///
/// @param name for people
/// @param soakMinutes how long it is open at least before the next, 0 to 43,200
/// @param confirmed how many of it have to be well before the next opens, 0 to 1,000,000
public record RingTerms(String name, Members members, int soakMinutes, int confirmed) {
  private static final int MOST_RINGS = 20;
  private static final int MOST_HOSTS = 1_000;
  private static final int MOST_SOAK_MINUTES = 30 * 24 * 60;
  private static final int MOST_CONFIRMED = 1_000_000;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,31}");
  private static final JsonMapper JSON = new JsonMapper();

  /// Who is in it, unless an earlier one has them.
  public sealed interface Members {
    /// Those hosts.
    record Hosts(Set<HostId> hosts) implements Members {
      public Hosts {
        hosts = Set.copyOf(hosts);
      }
    }

    /// Those with one of these labels.
    record Labelled(Set<String> labels) implements Members {
      public Labelled {
        labels = Set.copyOf(labels);
      }
    }

    /// A part of all, drawn.
    ///
    /// @param share more than 0, to 1
    record Share(double share) implements Members {}

    /// All.
    record Everyone() implements Members {}
  }

  public RingTerms {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a ring is called by 1 to 32 of a-z 0-9 . _ -");
    }
    if (soakMinutes < 0 || soakMinutes > MOST_SOAK_MINUTES) {
      throw new IllegalArgumentException("out of range: soakMinutes=" + soakMinutes);
    }
    if (confirmed < 0 || confirmed > MOST_CONFIRMED) {
      throw new IllegalArgumentException("out of range: confirmed=" + confirmed);
    }
  }

  /// Reads the rings of a rollout, of which there may be none: then they are its channel's.
  ///
  /// @throws IllegalArgumentException naming what is wrong, if they are none
  public static List<RingTerms> read(JsonNode array) {
    if (array.size() > MOST_RINGS) {
      throw new IllegalArgumentException("too many rings: most=" + MOST_RINGS);
    }
    List<RingTerms> rings = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode node : array) {
      RingTerms ring =
          new RingTerms(
              node.path("name").asText(),
              members(node),
              whole(node, "soakMinutes"),
              whole(node, "confirmed"));
      if (!names.add(ring.name())) {
        throw new IllegalArgumentException("two rings of a name: name=" + ring.name());
      }
      rings.add(ring);
    }
    return rings;
  }

  private static int whole(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isMissingNode() && !value.isInt()) {
      throw new IllegalArgumentException("is no whole number: field=" + field);
    }
    return value.asInt(0);
  }

  private static Members members(JsonNode node) {
    List<Members> named = new ArrayList<>();
    if (node.has("hosts")) {
      Set<HostId> hosts = new HashSet<>();
      node.path("hosts").forEach(host -> hosts.add(HostId.parse(host.asText())));
      named.add(new Members.Hosts(hosts));
    }
    if (node.has("labels")) {
      Set<String> labels = new HashSet<>();
      node.path("labels").forEach(label -> labels.add(LabelStore.requireLabel(label.asText())));
      named.add(new Members.Labelled(labels));
    }
    if (node.has("share")) {
      named.add(new Members.Share(share(node.path("share"))));
    }
    if (node.path("everyone").asBoolean(false)) {
      named.add(new Members.Everyone());
    }
    if (named.size() != 1 || isEmpty(named.getFirst())) {
      throw new IllegalArgumentException(
          "a ring has one of hosts, labels, share and everyone, and it is not empty");
    }
    return named.getFirst();
  }

  private static boolean isEmpty(Members members) {
    return switch (members) {
      case Members.Hosts(var hosts) -> {
        if (hosts.size() > MOST_HOSTS) {
          throw new IllegalArgumentException("too many hosts by name: most=" + MOST_HOSTS);
        }
        yield hosts.isEmpty();
      }
      case Members.Labelled(var labels) -> labels.isEmpty();
      case Members.Share _, Members.Everyone _ -> false;
    };
  }

  private static double share(JsonNode value) {
    double share = value.asDouble();
    if (!value.isNumber() || !(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("is no share, above 0 and up to 1: field=share");
    }
    return share;
  }

  /// Writes them as [#read] takes them.
  public static ArrayNode write(List<RingTerms> rings) {
    ArrayNode array = JSON.createArrayNode();
    for (RingTerms ring : rings) {
      ObjectNode node = array.addObject().put("name", ring.name());
      switch (ring.members()) {
        case Members.Hosts(var hosts) -> {
          ArrayNode ids = node.putArray("hosts");
          hosts.stream().map(HostId::toString).sorted().forEach(ids::add);
        }
        case Members.Labelled(var labels) -> {
          ArrayNode names = node.putArray("labels");
          new TreeSet<>(labels).forEach(names::add);
        }
        case Members.Share(double share) -> node.put("share", share);
        case Members.Everyone() -> node.put("everyone", true);
      }
      node.put("soakMinutes", ring.soakMinutes()).put("confirmed", ring.confirmed());
    }
    return array;
  }

  /// Reads what was kept.
  static List<RingTerms> parse(String text) {
    try {
      return read(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("we wrote it: rings=" + text, e);
    }
  }
}
