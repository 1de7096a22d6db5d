package redoubt.agent;

import java.util.List;
import java.util.Locale;
import redoubt.agent.hook.Coverage;
import redoubt.core.wire.ControlReply;

/// What the first line of `redoubt run` says.
final class RunSummary {
  private RunSummary() {}

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
