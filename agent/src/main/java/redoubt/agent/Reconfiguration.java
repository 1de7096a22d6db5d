package redoubt.agent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import redoubt.agent.decision.EngineLink;
import redoubt.agent.engine.EngineContent;
import redoubt.agent.engine.Registration;
import redoubt.agent.policy.PolicyException;
import redoubt.core.linux.Descriptors;
import redoubt.core.model.EngineMode;
import redoubt.core.model.PlatformNotice;
import redoubt.core.wire.ControlReply;

/// Brings another configuration into force while the agent runs: as a whole, or not at all.
///
/// What marks, deadlines and the protected files are made of is fixed for the life of an agent; a
/// configuration that differs there needs another start.
record Reconfiguration(Agent agent, Settings settings, EngineSetup setup) {
  private static final String FIX = "redoubt config check tells what is wrong with it";

  /// Takes what the command line proposes.
  ///
  /// @param restart whether the agent may end for it, to be started again
  /// @param uid who asks
  ControlReply take(boolean restart, int uid) {
    AgentOptions before = settings.now();
    try {
      AgentOptions wanted = settings.proposed();
      List<String> fixed = before.fixedThatDiffer(wanted);
      if (fixed.isEmpty()) {
        return use(before, wanted, uid);
      }
      if (!restart) {
        return new ControlReply.Failed(
            "restart",
            "another start is needed, so nothing was changed: for=" + String.join(", ", fixed),
            "redoubt config reload --restart; nothing is protected for about two seconds");
      }
      settings.accept();
      say("the agent is started again with another configuration", uid);
      agent.makeRoom("another configuration: uid=" + uid);
      return new ControlReply.Done("the agent is started again: for=" + String.join(", ", fixed));
    } catch (PolicyException e) {
      return new ControlReply.Failed("invalid", e.getMessage(), e.fix());
    } catch (IOException | IllegalArgumentException e) {
      return failed(e);
    }
  }

  private ControlReply use(AgentOptions before, AgentOptions wanted, int uid) throws IOException {
    settings.use(wanted);
    List<String> changes = new ArrayList<>();
    try {
      changes.addAll(agent.reloadEngines());
      changes.addAll(giveContent());
      settings.accept();
    } catch (IOException | IllegalArgumentException e) {
      settings.use(before);
      undo(e);
      throw e;
    }
    // What was set by hand since stays, unless it is this that changed.
    if (!before.hasModesOf(wanted)) {
      changes.addAll(setModes(wanted));
    }
    String what = changes.isEmpty() ? "no engine is concerned" : String.join(", ", changes);
    say("another configuration is in force: " + what, uid);
    return new ControlReply.Done(what);
  }

  private void undo(Exception reason) {
    try {
      agent.reloadEngines();
      giveContent();
    } catch (IOException | IllegalArgumentException e) {
      reason.addSuppressed(e);
    }
  }

  /// Engines whose content the configuration names get what is there now.
  private List<String> giveContent() throws IOException {
    List<String> changes = new ArrayList<>();
    for (Registration registration : setup.registered()) {
      if (setup.named(registration.manifest()).isEmpty()) {
        continue;
      }
      Optional<EngineContent> content = setup.contentFor(registration.manifest());
      if (content.isPresent()) {
        give(registration, content.get(), changes);
      }
    }
    return changes;
  }

  private void give(Registration registration, EngineContent content, List<String> changes)
      throws IOException {
    if (!agent.engines().hasOtherContent(registration.manifest().id(), content)) {
      Descriptors.close(content.descriptor());
      return;
    }
    Optional<String> problem =
        agent.engines().handOver(registration.manifest().id(), content, false);
    if (problem.isPresent()) {
      throw new IOException(
          registration.manifest().id() + " does not take its content: " + problem.get());
    }
    changes.add(registration.manifest().id() + " judges with other content");
  }

  private List<String> setModes(AgentOptions wanted) {
    List<String> changes = new ArrayList<>();
    for (EngineLink engine : agent.engines().links()) {
      EngineMode mode = wanted.modeOf(engine.id());
      agent.engines().setMode(engine.id().value(), mode, _ -> false);
      if (mode == EngineMode.ENFORCE) {
        agent.breaker().forgive(engine.id());
      }
    }
    changes.add("mode " + wanted.mode().name().toLowerCase(Locale.ROOT));
    return changes;
  }

  private ControlReply failed(Exception problem) {
    return new ControlReply.Failed(
        "invalid", "the configuration stays as it was: " + problem.getMessage(), FIX);
  }

  private void say(String text, int uid) {
    agent.notice(PlatformNotice.Kind.POLICY_CHANGED, "configuration", text + ": uid=" + uid);
  }
}
