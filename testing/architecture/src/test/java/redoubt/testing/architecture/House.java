package redoubt.testing.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The rooms of the house and who may use whom: the table of `ARCHITECTURE.md` as rules.
///
/// @param root the package in which the house stands: `redoubt`, or that of a sample
record House(String root) {
  /// Each room, and the rooms that it may use beside itself.
  static final Map<String, Set<String>> ROOMS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("core.model", Set.of()),
              Map.entry("core.linux", Set.of("core.model")),
              Map.entry("core.search", Set.of("core.model")),
              Map.entry("core.wire", Set.of("core.model")),
              Map.entry("core.disk", Set.of()),
              Map.entry("core.content", Set.of("core.disk", "core.model", "core.wire")),
              Map.entry("core.tuf", Set.of("core.disk", "core.model")),
              Map.entry("core.http", Set.of("core.tuf", "core.disk", "core.model")),
              Map.entry("engine.kit", Set.of("core.model", "core.linux", "core.wire")),
              Map.entry("engine.allowlist", Set.of("engine.kit", "core.model")),
              Map.entry("engine.clamav", Set.of("engine.kit", "core.model")),
              Map.entry("engine.drill", Set.of("engine.kit", "core.model")),
              Map.entry("engine.ransomware", Set.of("engine.kit", "core.model")),
              Map.entry("engine.scanner", Set.of("engine.kit", "core.model")),
              Map.entry(
                  "engine.sigma", Set.of("engine.kit", "core.model", "core.search", "core.wire")),
              Map.entry(
                  "agent",
                  Set.of(
                      "core.model",
                      "core.linux",
                      "core.search",
                      "core.wire",
                      "core.disk",
                      "core.content",
                      "core.tuf")),
              Map.entry("fleet", Set.of()),
              Map.entry("core.rpc", Set.of("core.wire")),
              Map.entry("courier", Set.of("core.linux", "core.rpc", "core.wire", "core.model")),
              Map.entry(
                  "server",
                  Set.of(
                      "core.content", "core.disk", "core.rpc", "core.wire", "core.model", "fleet")),
              Map.entry(
                  "cli",
                  Set.of(
                      "agent",
                      "fleet",
                      "engine.allowlist",
                      "engine.sigma",
                      "testing.drills",
                      "core.model",
                      "core.http",
                      "core.tuf",
                      "core.content",
                      "core.linux",
                      "core.wire")),
              Map.entry("testing.conformance", Set.of("core.model", "core.linux", "core.wire")),
              Map.entry(
                  "testing.drills",
                  Set.of("core.model", "core.wire", "core.content", "core.tuf"))));

  /// Each package of the agent, and the others of the agent that it may use. The package `agent`
  /// itself puts the parts together and may use them all.
  static final Map<String, Set<String>> FLOORS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("account", Set.of("health")),
              Map.entry("bounded", Set.of()),
              Map.entry("breaker", Set.of("bounded", "health")),
              Map.entry(
                  "fleet",
                  Set.of(
                      "bounded",
                      "confinement",
                      "health",
                      "journal",
                      "policy",
                      "process",
                      "registry")),
              Map.entry("health", Set.of()),
              Map.entry(
                  "rollout",
                  Set.of("activation", "bounded", "fleet", "health", "policy", "supply")),
              Map.entry("process", Set.of("bounded", "health")),
              Map.entry("sensor", Set.of("bounded", "health", "process")),
              Map.entry("json", Set.of()),
              Map.entry("policy", Set.of("json")),
              Map.entry("registry", Set.of("json", "policy")),
              Map.entry("seal", Set.of("json", "policy", "registry")),
              Map.entry("netfilter", Set.of("policy")),
              Map.entry("isolation", Set.of("netfilter", "policy")),
              Map.entry("blocklist", Set.of("health", "netfilter", "policy")),
              Map.entry("journal", Set.of()),
              Map.entry("kernel", Set.of("health", "policy", "process")),
              Map.entry("control", Set.of()),
              Map.entry("scan", Set.of("health", "process", "hook", "decision")),
              Map.entry("provenance", Set.of("health", "policy", "hook", "decision")),
              Map.entry(
                  "quarantine", Set.of("bounded", "health", "json", "policy", "hook", "decision")),
              Map.entry("response", Set.of("bounded", "health", "process")),
              Map.entry("hook", Set.of("health", "process")),
              Map.entry("decision", Set.of("health", "process", "hook")),
              Map.entry(
                  "admission", Set.of("confinement", "engine", "health", "process", "registry")),
              Map.entry(
                  "activation", Set.of("admission", "bounded", "engine", "health", "registry")),
              Map.entry("platform", Set.of("activation", "health", "slot")),
              Map.entry("slot", Set.of("confinement")),
              Map.entry("recording", Set.of("account", "health", "policy")),
              Map.entry(
                  "supply", Set.of("activation", "confinement", "health", "policy", "updates")),
              Map.entry("updates", Set.of("json", "policy")),
              Map.entry("confinement", Set.of("health", "process", "registry")),
              Map.entry(
                  "engine",
                  Set.of(
                      "bounded",
                      "confinement",
                      "health",
                      "process",
                      "hook",
                      "decision",
                      "registry"))));

  /// The packages of the agent whose files the command reads and writes, and that which looks at
  /// the kernel without an agent.
  private static final List<String> SHARED =
      List.of(
          "agent.admission",
          "agent.isolation",
          "agent.journal",
          "agent.kernel",
          "agent.netfilter",
          "agent.policy",
          "agent.quarantine",
          "agent.registry",
          "agent.response",
          "agent.seal",
          "agent.slot",
          "agent.updates");

  /// Every rule of the house.
  Stream<ArchRule> rules() {
    return Stream.of(
            ROOMS.keySet().stream().map(this::roomUsesItsNeighboursOnly),
            FLOORS.keySet().stream().map(this::floorUsesThoseBelowOnly),
            Stream.of(everyClassHasARoom(), packagesHaveNoCycles(), commandReadsFilesOnly()))
        .flatMap(rules -> rules);
  }

  ArchRule roomUsesItsNeighboursOnly(String room) {
    Set<String> allowed = ROOMS.getOrDefault(room, Set.of());
    return noClasses()
        .that(in(List.of(room)))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(root + "..").and(not(in(List.of(room)))).and(not(in(allowed))))
        .allowEmptyShould(true)
        .as(room + " uses no room but " + allowed);
  }

  ArchRule floorUsesThoseBelowOnly(String floor) {
    Set<String> allowed = FLOORS.getOrDefault(floor, Set.of());
    return noClasses()
        .that(in(List.of("agent." + floor)))
        .should()
        .dependOnClassesThat(
            in(List.of("agent"))
                .and(not(in(List.of("agent." + floor))))
                .and(not(in(allowed.stream().map(below -> "agent." + below).toList()))))
        .allowEmptyShould(true)
        .as("agent." + floor + " uses no package of the agent but " + allowed);
  }

  /// A class outside the table would escape every other rule.
  ArchRule everyClassHasARoom() {
    List<String> known =
        Stream.concat(
                Stream.of("testing").filter(_ -> root.equals("redoubt")),
                Stream.concat(
                    ROOMS.keySet().stream().filter(room -> !room.equals("agent")),
                    FLOORS.keySet().stream().map(floor -> "agent." + floor)))
            .toList();
    return noClasses()
        .that(resideInAnyPackage(root + "..").and(not(in(known))))
        .should()
        .resideOutsideOfPackage(root + ".agent")
        .as("every class stands in a room of the table");
  }

  /// What the command shares with the agent is the form of files, which both read and write, and
  /// looks that need no agent.
  ArchRule commandReadsFilesOnly() {
    return noClasses()
        .that(in(List.of("cli")))
        .should()
        .dependOnClassesThat(in(List.of("agent")).and(not(in(SHARED))))
        .as("cli uses of the agent only " + SHARED);
  }

  ArchRule packagesHaveNoCycles() {
    return slices().matching(root + ".(**)").should().beFreeOfCycles();
  }

  /// Classes in the given rooms and in the packages below them.
  DescribedPredicate<JavaClass> in(Collection<String> rooms) {
    return resideInAnyPackage(
        rooms.stream().map(room -> root + "." + room + "..").toArray(String[]::new));
  }
}
