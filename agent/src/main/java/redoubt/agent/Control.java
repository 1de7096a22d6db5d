package redoubt.agent;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import redoubt.agent.account.HotSpots;
import redoubt.agent.account.Spot;
import redoubt.agent.control.ControlHandler;
import redoubt.agent.decision.EngineLink;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.quarantine.QuarantineException;
import redoubt.agent.quarantine.QuarantinedFile;
import redoubt.agent.response.FrozenProcess;
import redoubt.core.linux.Descriptors;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.PlatformNotice;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;
import redoubt.core.wire.WireLimits;

/// Carries out what the owner asks of a running agent.
record Control(Agent agent) implements ControlHandler {
  private static final String QUARANTINED = "quarantine_files";
  private static final String BLOCKED = "blocked_addresses";
  private static final String PACKETS_REFUSED = "blocked_packets_total";

  @Override
  public ControlReply handle(ControlRequest request, Asker asker, List<Integer> descriptors) {
    int uid = asker.uid();
    return switch (request) {
      case ControlRequest.Scan scan ->
          agent.scans().scan(descriptors, uid, asker.pid(), scan.anew(), scan.quarantine());
      case ControlRequest.Status _ -> status();
      case ControlRequest.HotSpots _ -> hotSpots();
      case ControlRequest.SetMode set -> setMode(set, uid);
      case ControlRequest.ReloadPolicy _ -> reloadPolicy();
      case ControlRequest.ReloadEngines _ -> reloadEngines();
      case ControlRequest.ReloadSeal reload -> reloadSeal(reload);
      case ControlRequest.ReloadSettings reload ->
          agent.reconfiguration().take(reload.restart(), uid);
      case ControlRequest.Stop stop -> stop(stop, uid);
      case ControlRequest.Thaw thaw -> thaw(thaw, uid);
      case ControlRequest.PutAway _ -> putAway(descriptors.getFirst(), uid);
      case ControlRequest.Restore restore ->
          quarantine(
              () ->
                  agent
                      .quarantine()
                      .restore(
                          restore.file(),
                          restore.target().length() == 0 ? null : restore.target(),
                          uid),
              "gave back ");
      case ControlRequest.DeleteQuarantined deleted ->
          quarantine(() -> agent.quarantine().delete(deleted.file(), uid), "deleted ");
      case ControlRequest.Isolate isolate ->
          new IsolationRequests(agent.network().isolation(), agent::notice).carryOut(isolate, uid);
      case ControlRequest.ActivateContent activate ->
          new ContentRequests(agent.content()).activate(activate, uid);
      case ControlRequest.UpdateContent update ->
          new ContentRequests(agent.content()).update(update);
      case ControlRequest.FetchContent fetch -> new ContentRequests(agent.content()).fetch(fetch);
      case ControlRequest.RollBackContent roll ->
          new ContentRequests(agent.content()).rollBack(roll, uid);
      case ControlRequest.JoinFleet join ->
          new FleetRequests(agent.network().fleet()).join(join, uid);
      case ControlRequest.LeaveFleet _ -> new FleetRequests(agent.network().fleet()).leave(uid);
    };
  }

  private ControlReply setMode(ControlRequest.SetMode set, int uid) {
    if (!agent.engines().setMode(set.engine(), set.mode(), engine -> isMeant(engine, set))) {
      return new ControlReply.Failed(
          "unknown-engine",
          "no such engine: engine=" + set.engine(),
          "see redoubt engines for the ids");
    }
    if (set.mode() == EngineMode.ENFORCE) {
      // The owner says that it is right.
      agent.engines().links().stream()
          .map(EngineLink::id)
          .filter(id -> set.engine().isEmpty() || id.value().equals(set.engine()))
          .forEach(agent.breaker()::forgive);
    }
    String subject = set.engine().isEmpty() ? "every engine" : set.engine();
    String message =
        subject + " is now in mode " + set.mode().name().toLowerCase(Locale.ROOT) + spared(set);
    agent.notice(PlatformNotice.Kind.POLICY_CHANGED, subject, message + ": uid=" + uid);
    return new ControlReply.Done(message);
  }

  private String spared(ControlRequest.SetMode set) {
    boolean spared =
        set.engine().isEmpty()
            && agent.engines().links().stream().anyMatch(link -> !isMeant(link.id(), set));
    return spared
        ? ", but " + AppControl.ENGINE + ", which is on trial: redoubt mode allowlist enforce"
        : "";
  }

  /// Who has application control on trial does not lock this host down by giving every engine's
  /// DENY its worth back: that is said of this engine by its name.
  private boolean isMeant(EngineId engine, ControlRequest.SetMode set) {
    return set.mode() == EngineMode.MONITOR
        || agent.options().modeOf(engine) == agent.options().mode();
  }

  private ControlReply reloadPolicy() {
    Optional<PolicyException> ofTrust = agent.provenances().reload();
    Optional<PolicyException> problem = agent.guardrails().reload().or(() -> ofTrust);
    if (problem.isPresent()) {
      return new ControlReply.Failed("invalid", problem.get().getMessage(), problem.get().fix());
    }
    agent.notice(
        PlatformNotice.Kind.POLICY_CHANGED,
        "exceptions",
        "exceptions in force: count=" + agent.guardrails().exceptionCount());
    return new ControlReply.Done(agent.guardrails().exceptionCount() + " exceptions in force");
  }

  private ControlReply reloadEngines() {
    try {
      List<String> changes = agent.reconfiguration().reloadEngines();
      for (String change : changes) {
        agent.notice(PlatformNotice.Kind.POLICY_CHANGED, "engines", change);
      }
      return new ControlReply.Done(
          changes.isEmpty() ? "nothing changed" : String.join(", ", changes));
    } catch (IOException | IllegalArgumentException e) {
      return new ControlReply.Failed(
          "invalid",
          "the engines are left as they are: " + e.getMessage(),
          "mend what it names, then try again");
    }
  }

  private ControlReply reloadSeal(ControlRequest.ReloadSeal reload) {
    Optional<ControlReply.Failed> refusal = agent.seal().reload(reload.passphrase());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    ControlReply.Seal now = agent.seal().status();
    if (now.state().equals("broken")) {
      return new ControlReply.Failed(
          "invalid", "the seal is " + now.detail(), "redoubt seal check");
    }
    // What was not started for want of a seal may start now.
    return reloadEngines();
  }

  private ControlReply stop(ControlRequest.Stop stop, int uid) {
    Optional<ControlReply.Failed> refusal =
        agent.seal().refusal(stop.passphrase(), "stopping the agent");
    if (refusal.isPresent()) {
      return refusal.get();
    }
    agent.requestStop(stop.reason() + ": uid=" + uid);
    return new ControlReply.Done("stopping");
  }

  private ControlReply thaw(ControlRequest.Thaw thaw, int uid) {
    try {
      List<FrozenProcess> thawed = agent.responses().thaw(thaw.freeze());
      if (thawed.isEmpty()) {
        return new ControlReply.Failed(
            "unknown-freeze", "nothing to thaw", "redoubt frozen shows what is stopped");
      }
      String message = thawed.size() + " processes go on";
      agent.notice(PlatformNotice.Kind.POLICY_CHANGED, "responses", message + ": uid=" + uid);
      return new ControlReply.Done(message);
    } catch (IOException e) {
      return new ControlReply.Failed(
          "internal",
          "the processes go on, but their list could not be written: " + e.getMessage(),
          "make room below /run");
    }
  }

  @FunctionalInterface
  private interface QuarantineRequest {
    QuarantinedFile carryOut() throws QuarantineException;
  }

  private ControlReply putAway(int place, int uid) {
    try {
      return quarantine(() -> agent.quarantine().putAway(place, uid), "put away ");
    } finally {
      Descriptors.close(place);
    }
  }

  private static ControlReply quarantine(QuarantineRequest request, String done) {
    try {
      QuarantinedFile file = request.carryOut();
      return new ControlReply.Done(done + file.id() + ": " + file.pathText());
    } catch (QuarantineException e) {
      return new ControlReply.Failed("quarantine", e.getMessage(), e.fix());
    }
  }

  private ControlReply status() {
    List<ControlReply.Engine> engines = agent.engines().status();
    Map<String, Long> counters = new TreeMap<>(agent.counters().snapshot());
    counters.put("journal_written_total", agent.journal().written());
    counters.put("journal_lost_total", agent.journal().lost());
    counters.put(QUARANTINED, (long) agent.quarantine().held());
    agent
        .network()
        .blocking()
        .state()
        .ifPresent(blocked -> {
          counters.put(BLOCKED, blocked.ranges());
          counters.put(PACKETS_REFUSED, blocked.refused());
        });
    return new ControlReply.Status(
        Version.text(),
        (int) ProcessHandle.current().pid(),
        supervisorPid(),
        agent.startedMillis(),
        agent.protectedSinceMillis(),
        state(engines),
        reason(engines),
        agent.guardrails().generation(),
        agent.guardrails().exceptionCount(),
        agent.guardrails().protectedFiles(),
        agent.journal().path().toString(),
        agent.coverage().fileSystems().stream()
            .map(found ->
                new ControlReply.Coverage(
                    found.mountPoint(), found.type(), found.covered(), found.detail()))
            .toList(),
        engines,
        counters,
        agent.seal().status(),
        new FleetRequests(agent.network().fleet()).status());
  }

  private ControlReply hotSpots() {
    HotSpots.Report report = agent.hotSpots().report(WireLimits.HOT_SPOTS);
    return new ControlReply.HotSpots(
        report.seconds(), spots(report.programs()), spots(report.files()));
  }

  private static List<ControlReply.Spot> spots(List<Spot> spots) {
    return spots.stream()
        .map(spot ->
            new ControlReply.Spot(
                spot.name(), spot.operations(), spot.waitedNanos() / 1_000, spot.denied()))
        .toList();
  }

  private static int supervisorPid() {
    return ProcessHandle.current().parent().map(parent -> (int) parent.pid()).orElse(0);
  }

  /// `enforcing`, `monitoring`, `observing` or `degraded`.
  String state() {
    return state(agent.engines().status());
  }

  private String state(List<ControlReply.Engine> engines) {
    if (agent.observing()) {
      return "observing";
    }
    if (engines.isEmpty() || engines.stream().anyMatch(e -> !e.state().equals("ready"))) {
      return "degraded";
    }
    return engines.stream().anyMatch(e -> e.mode() == EngineMode.ENFORCE)
        ? "enforcing"
        : "monitoring";
  }

  private String reason(List<ControlReply.Engine> engines) {
    if (agent.observing()) {
      return "no operation waits for a verdict";
    }
    if (engines.isEmpty()) {
      return "no engine is registered";
    }
    List<String> absent =
        engines.stream()
            .filter(engine -> !engine.state().equals("ready"))
            .map(engine -> engine.id() + " is " + engine.state())
            .toList();
    return absent.isEmpty() ? "every engine is ready" : String.join(", ", absent);
  }
}
