package redoubt.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.wire.EngineReport;
import redoubt.core.wire.HostMessage;
import redoubt.server.identity.DocumentSigner;
import redoubt.server.store.ObjectionStore;

/// The engines of the fleet, side by side: what they cost their hosts, what they found, and how
/// much of that people have marked as no threat. Every engine is measured alike. Thread-safe.
public final class EngineRoutes {
  /// What an exported comparison is.
  static final String TYPE = "application/vnd.redoubt.fleet-scorecard+json";

  private static final int USUAL_DAYS = 30;
  private static final double PERCENT = 100;
  private static final double MICROS = 1e6;
  private static final int MIB = 20;
  private static final int MOST_ENGINES = 1_000;

  private final Source source;
  private final ObjectionStore objections;
  private final DocumentSigner signer;
  private final InstantSource clock;

  /// @param source has what hosts that are there said last
  /// @param objections what engines have said in the last days
  EngineRoutes(
      Source source, ObjectionStore objections, DocumentSigner signer, InstantSource clock) {
    this.source = source;
    this.objections = objections;
    this.signer = signer;
    this.clock = clock;
  }

  /// Has what hosts say of their engines.
  @FunctionalInterface
  public interface Source {
    /// What each of those that are there said last.
    Map<HostId, HostMessage.Engines> all();
  }

  /// An engine in a version; vendors may call theirs the same.
  private record Name(String engine, String vendor, String version) implements Comparable<Name> {
    private static final Comparator<Name> ORDER =
        Comparator.comparing(Name::engine).thenComparing(Name::vendor).thenComparing(Name::version);

    @Override
    public int compareTo(Name other) {
      return ORDER.compare(this, other);
    }
  }

  /// An engine on one host.
  ///
  /// @param seconds for how long the host's agent has run
  private record Seen(EngineReport report, long seconds) {
    double cpuPercent() {
      return seconds == 0 ? 0 : PERCENT * report.cpuMicros() / MICROS / seconds;
    }
  }

  JsonNode list(Asked asked) {
    return list(asked.number("days", 1, ObjectionStore.MOST_DAYS, USUAL_DAYS));
  }

  /// As [#list], signed, for whoever was not there.
  Download export(Asked asked) {
    byte[] payload = list(asked).toString().getBytes(StandardCharsets.UTF_8);
    return new Download(
        "application/json",
        "engines.json",
        Octets.of(signer.sign(TYPE, Octets.of(payload)).json()));
  }

  /// The key by which that is verified.
  Download key() {
    return new Download(
        "application/x-pem-file",
        "fleet-scorecard.pub",
        Octets.of(signer.publicPem().getBytes(StandardCharsets.US_ASCII)));
  }

  /// Of a host each engine counts once, and the engines of the most hosts come first where there
  /// are more than fit.
  JsonNode list(int days) {
    Instant now = clock.instant();
    Map<HostId, HostMessage.Engines> hosts = source.all();
    Map<Name, List<Seen>> engines = new TreeMap<>();
    for (HostMessage.Engines host : hosts.values()) {
      Set<String> names = new HashSet<>();
      for (EngineReport report : host.engines()) {
        if (names.add(report.name())) {
          engines
              .computeIfAbsent(
                  new Name(report.name(), report.vendor(), report.version()),
                  _ -> new ArrayList<>())
              .add(new Seen(report, host.seconds()));
        }
      }
    }
    Map<String, ObjectionStore.Sum> said = objections.sums(days, now);
    ArrayNode all = Answers.array();
    engines.entrySet().stream()
        .sorted(Comparator.comparingInt(each -> -each.getValue().size()))
        .limit(MOST_ENGINES)
        .sorted(Map.Entry.comparingByKey())
        .forEach(each ->
            all.add(
                json(
                    each.getKey(),
                    each.getValue(),
                    said.getOrDefault(each.getKey().engine(), ObjectionStore.Sum.NOTHING))));
    ObjectNode answer = Answers.object().put("at", now.toString()).put("days", days);
    objections.since().ifPresent(first -> answer.put("countedSince", first.toString()));
    return answer
        .put("hosts", hosts.size())
        .put("omitted", engines.size() - all.size())
        .set("engines", all);
  }

  private static JsonNode json(Name name, List<Seen> seen, ObjectionStore.Sum lately) {
    ObjectNode node =
        Answers.object()
            .put("engine", name.engine())
            .put("vendor", name.vendor())
            .put("version", name.version())
            .put("hosts", seen.size());
    add(node, "cpuPercent", seen, Seen::cpuPercent);
    add(node, "memoryMiB", seen, each -> each.report().residentBytes() >> MIB);
    add(node, "p99Micros", seen, each -> each.report().p99Micros());
    node.put("asked", sum(seen, EngineReport::asked))
        .put("denied", sum(seen, EngineReport::denied))
        .put("missed", sum(seen, EngineReport::missed))
        .put("found", sum(seen, EngineReport::found))
        .put("restarts", sum(seen, EngineReport::restarts));
    node.putObject("lately")
        .put("denied", lately.denied())
        .put("found", lately.found())
        .put("falsePositives", lately.marked());
    return node;
  }

  /// Of a cost, what it is on the host in the middle, and where it is most.
  private static void add(
      ObjectNode node, String name, List<Seen> seen, ToDoubleFunction<Seen> cost) {
    double[] costs = seen.stream().mapToDouble(cost).sorted().toArray();
    node.putObject(name)
        .put("median", costs[costs.length / 2])
        .put("most", costs[costs.length - 1]);
  }

  /// What would be more than a number holds is the most that one does: hosts may say anything.
  private static long sum(List<Seen> seen, ToLongFunction<EngineReport> count) {
    long sum = 0;
    for (Seen each : seen) {
      long more = count.applyAsLong(each.report());
      sum = sum > Long.MAX_VALUE - more ? Long.MAX_VALUE : sum + more;
    }
    return sum;
  }
}
