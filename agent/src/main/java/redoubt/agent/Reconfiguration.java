package redoubt.agent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import redoubt.agent.decision.EngineLink;
import redoubt.agent.engine.EngineContent;
import redoubt.agent.engine.Registration;
import redoubt.agent.policy.PolicyException;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.LinuxException;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.PlatformNotice;
import redoubt.core.wire.ControlReply;

/// Brings another configuration into force while the agent runs: as a whole, or not at all.
///
/// What marks, deadlines and the protected files are made of is fixed for the life of an agent; a
/// configuration that differs there needs another start. One at a time.
record Reconfiguration(Agent agent, Settings settings, EngineSetup setup) {
  private static final Set<String> SETTLED = Set.of("ready", "no content");
  private static final long LOOK_NANOS = 50_000_000;
  private static final String FIX =
      "redoubt config check looks at settings, redoubt rules check at rules";

  /// An engine that got other content.
  ///
  /// @param named what it has now
  /// @param before what it had, if anything
  private record Given(
      EngineId engine, EngineSetup.NamedContent named, Optional<EngineContent> before) {}

  /// Makes the running engines those that are registered; see [Agent#reloadEngines()].
  List<String> reloadEngines() throws IOException {
    settings.turn().lock();
    try {
      return agent.reloadEngines();
    } finally {
      settings.turn().unlock();
    }
  }

  /// Takes what the command line proposes.
  ///
  /// @param restart whether the agent may end for it, to be started again
  /// @param uid who asks
  ControlReply take(boolean restart, int uid) {
    settings.turn().lock();
    try {
      return takeNow(restart, uid);
    } catch (PolicyException e) {
      return new ControlReply.Failed("invalid", e.getMessage(), e.fix());
    } catch (IOException | IllegalArgumentException | LinuxException e) {
      return new ControlReply.Failed(
          "invalid", "the configuration stays as it was: " + e.getMessage() + undone(e), FIX);
    } finally {
      settings.turn().unlock();
    }
  }

  private static String undone(Exception problem) {
    return problem.getSuppressed().length == 0
        ? ""
        : "; not all of what was before is back: " + problem.getSuppressed()[0].getMessage();
  }

  private ControlReply takeNow(boolean restart, int uid) throws IOException, PolicyException {
    AgentOptions before = settings.now();
    Settings.Proposal wanted = settings.proposed();
    List<String> fixed = before.fixedThatDiffer(wanted.options());
    if (fixed.isEmpty()) {
      return use(before, wanted, uid);
    }
    if (!restart) {
      return new ControlReply.Failed(
          "restart",
          "another start is needed, so nothing was changed: for=" + String.join(", ", fixed),
          "redoubt config reload --restart; nothing is protected for about two seconds");
    }
    // To end this agent takes what to stop it takes.
    Optional<ControlReply.Failed> refusal = agent.seal().refusal("", "starting the agent again");
    if (refusal.isPresent()) {
      return new ControlReply.Failed(
          refusal.get().code(),
          refusal.get().message(),
          "redoubt stop, which asks for it; then start the agent");
    }
    settings.accept(wanted);
    say("the agent is started again with another configuration", uid);
    agent.makeRoom("another configuration: uid=" + uid);
    return new ControlReply.Done("the agent is started again: for=" + String.join(", ", fixed));
  }

  private ControlReply use(AgentOptions before, Settings.Proposal wanted, int uid)
      throws IOException {
    Set<String> ran = new HashSet<>(running(_ -> true));
    settings.use(wanted.options());
    List<Given> given = new ArrayList<>();
    List<String> changes = new ArrayList<>();
    try {
      changes.addAll(agent.reloadEngines());
      giveContent(given);
      awaitStarted(ran);
      for (Given each : given) {
        setup.remember(each.named());
        changes.add(each.engine() + " judges with other content");
      }
      settings.accept(wanted);
    } catch (IOException | IllegalArgumentException | LinuxException e) {
      settings.use(before);
      undo(given, e);
      throw e;
    }
    settings.protects();
    given.forEach(this::letGoOfWhatWas);
    changes.addAll(setModes(before, wanted.options()));
    String what = changes.isEmpty() ? "no engine is concerned" : String.join(", ", changes);
    say("another configuration is in force: " + what, uid);
    return new ControlReply.Done(what);
  }

  /// Engines whose content the configuration names get what is there now.
  private void giveContent(List<Given> given) throws IOException {
    for (Registration registration : setup.registered()) {
      EngineId engine = registration.manifest().id();
      Optional<EngineSetup.NamedContent> named = setup.namedContent(registration.manifest());
      if (named.isPresent()) {
        give(engine, named.get(), given);
      }
    }
  }

  /// The ids of the engines in some states.
  private List<String> running(Predicate<String> state) {
    return agent.engines().status().stream()
        .filter(engine -> state.test(engine.state()))
        .map(ControlReply.Engine::id)
        .toList();
  }

  /// Those that were started for it have to get ready, or say that they wait for a bundle.
  private void awaitStarted(Set<String> ran) throws IOException {
    long end = System.nanoTime() + 2 * settings.now().helloLimit().toNanos();
    while (true) {
      List<String> late = new ArrayList<>(running(state -> !SETTLED.contains(state)));
      late.removeAll(ran);
      if (late.isEmpty()) {
        return;
      }
      if (System.nanoTime() - end > 0) {
        throw new IOException(
            "not ready in time: engines=" + String.join(",", late) + " (see redoubt events)");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void give(EngineId engine, EngineSetup.NamedContent named, List<Given> given)
      throws IOException {
    Optional<EngineContent> before = agent.engines().content(engine);
    EngineContent content = named.content();
    if (before.isPresent() && !content.isOtherThan(before.get())) {
      Descriptors.close(content.descriptor());
      return;
    }
    Optional<String> problem = agent.engines().handOver(engine, content, false);
    if (problem.isPresent()) {
      Descriptors.close(content.descriptor());
      throw new IOException(engine + " does not take its content: " + problem.get());
    }
    given.add(new Given(engine, named, before));
  }

  /// Content of a bundle, or that came with an engine, is held by the life of that.
  private void letGoOfWhatWas(Given given) {
    given
        .before()
        .filter(before ->
            before.trust().equals(given.named().content().trust())
                && !setup.hasBundle(given.engine()))
        .ifPresent(before -> Descriptors.close(before.descriptor()));
  }

  private void undo(List<Given> given, Exception reason) {
    for (Given each : given.reversed()) {
      Optional<String> problem =
          each.before().flatMap(before -> agent.engines().handOver(each.engine(), before, true));
      if (problem.isPresent()) {
        reason.addSuppressed(new IOException(each.engine() + ": " + problem.get()));
      } else if (each.before().isPresent()) {
        Descriptors.close(each.named().content().descriptor());
      }
    }
    try {
      agent.reloadEngines();
    } catch (IOException | IllegalArgumentException | LinuxException e) {
      reason.addSuppressed(e);
    }
  }

  /// What was set by hand since stays, unless it is this that changed.
  private List<String> setModes(AgentOptions before, AgentOptions wanted) {
    List<String> changes = new ArrayList<>();
    for (EngineLink engine : agent.engines().links()) {
      EngineMode mode = wanted.modeOf(engine.id());
      if (mode != before.modeOf(engine.id())) {
        agent.engines().setMode(engine.id().value(), mode, _ -> false);
        if (mode == EngineMode.ENFORCE) {
          agent.breaker().forgive(engine.id());
        }
        changes.add(engine.id() + " is in mode " + mode.name().toLowerCase(Locale.ROOT));
      }
    }
    return changes;
  }

  private void say(String text, int uid) {
    agent.notice(PlatformNotice.Kind.POLICY_CHANGED, "configuration", text + ": uid=" + uid);
  }
}
