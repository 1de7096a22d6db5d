package redoubt.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import redoubt.core.wire.EngineReport;
import redoubt.core.wire.HostMessage;

/// The engines of the fleet, side by side: what they cost their hosts, and what they found.
/// Thread-safe.
public final class EngineRoutes {
  private static final double PERCENT = 100;
  private static final double MICROS = 1e6;
  private static final int MIB = 20;
  private static final int MOST_ENGINES = 1_000;

  private final Source source;

  /// @param source has what hosts that are there said last
  EngineRoutes(Source source) {
    this.source = source;
  }

  /// Has what hosts say of their engines.
  @FunctionalInterface
  public interface Source {
    /// What each of those that are there said last.
    List<HostMessage.Engines> all();
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

  JsonNode list() {
    Map<Name, List<Seen>> engines = new TreeMap<>();
    for (HostMessage.Engines host : source.all()) {
      for (EngineReport report : host.engines()) {
        engines
            .computeIfAbsent(
                new Name(report.name(), report.vendor(), report.version()), _ -> new ArrayList<>())
            .add(new Seen(report, host.seconds()));
      }
    }
    ArrayNode all = Answers.array();
    engines.entrySet().stream()
        .limit(MOST_ENGINES)
        .forEach(each -> all.add(json(each.getKey(), each.getValue())));
    return Answers.object().set("engines", all);
  }

  private static JsonNode json(Name name, List<Seen> seen) {
    ObjectNode node =
        Answers.object()
            .put("engine", name.engine())
            .put("vendor", name.vendor())
            .put("version", name.version())
            .put("hosts", seen.size());
    add(node, "cpuPercent", seen, Seen::cpuPercent);
    add(node, "memoryMiB", seen, each -> each.report().residentBytes() >> MIB);
    add(node, "p99Micros", seen, each -> each.report().p99Micros());
    return node.put("asked", sum(seen, EngineReport::asked))
        .put("denied", sum(seen, EngineReport::denied))
        .put("missed", sum(seen, EngineReport::missed))
        .put("found", sum(seen, EngineReport::found))
        .put("restarts", sum(seen, EngineReport::restarts));
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
