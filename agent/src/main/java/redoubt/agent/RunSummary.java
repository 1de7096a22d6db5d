package redoubt.agent;

import java.util.List;
import java.util.Locale;
import redoubt.agent.hook.Coverage;
import redoubt.core.wire.ControlReply;

/// What is said of a start: in the first line of `redoubt run`, and in the journal.
final class RunSummary {
  private RunSummary() {}

  /// What the notice of a start says.
  static String started(Agent agent) {
    AgentOptions options = agent.options();
    return (agent.observing() ? "observing only" : "protecting")
        + ": mode="
        + options.mode()
        + " restarts="
        + options.restartCount()
        + " lastExit="
        + options.lastExit();
  }

  /// What the first line says.
  static String of(Agent agent) {
    long covered =
        agent.coverage().fileSystems().stream().filter(Coverage.FileSystem::covered).count();
    List<ControlReply.Engine> all = agent.engines().status();
    long ready = all.stream().filter(engine -> engine.state().equals("ready")).count();
    return "%s %d file system%s, mode %s, %d of %d engine%s ready, %d files that nothing may block"
        .formatted(
            agent.observing() ? "observing" : "protecting",
            covered,
            covered == 1 ? "" : "s",
            agent.options().mode().name().toLowerCase(Locale.ROOT),
            ready,
            all.size(),
            all.size() == 1 ? "" : "s",
            agent.guardrails().protectedFiles());
  }
}
