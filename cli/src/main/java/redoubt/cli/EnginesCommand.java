package redoubt.cli;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import redoubt.core.wire.ControlReply;

/// `redoubt engines`.
@Command(
    name = "engines",
    description = {
      "Show the engines: what they judge with, how fast, how often they were silent.",
      "",
      "The commands below it change which there are and what each may; that needs root."
    })
final class EnginesCommand extends Subcommand {
  @Parameters(arity = "0..1", paramLabel = "ENGINE", description = "Show one engine in full.")
  private @Nullable String engine;

  EnginesCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    List<ControlReply.Engine> engines = session().agent().status().engines();
    if (engine != null) {
      engines = List.of(require(engines, engine));
    }
    if (wantsJson()) {
      terminal().json(EngineTable.json(engines));
    } else {
      EngineTable.print(engines, terminal());
      engines.forEach(this::printDetails);
    }
    return ExitCode.OK;
  }

  private static ControlReply.Engine require(List<ControlReply.Engine> engines, String id) {
    Optional<ControlReply.Engine> found =
        engines.stream().filter(candidate -> candidate.id().equals(id)).findFirst();
    return found.orElseThrow(
        () -> new Problem(ExitCode.NO, "no such engine: engine=" + id, "see redoubt engines"));
  }

  private void printDetails(ControlReply.Engine shown) {
    terminal().line("");
    terminal().line(Printable.of(shown.id() + ": " + shown.name() + " " + shown.engineVersion()));
    terminal().line("  vendor    " + orNone(shown.vendor()));
    terminal().line("  process   " + process(shown));
    terminal().line("  content   " + orNone(shown.contentName() + " " + shown.contentVersion()));
    terminal().line("  trust     " + orNone(shown.contentTrust()));
    terminal().line("  asks for  " + orNone(String.join(" ", shown.rightsAsked())));
    terminal().line("  may       " + orNone(String.join(" ", shown.rightsGranted())));
    terminal().line("  answers   " + shown.answered() + " in time of " + shown.asked() + " asked");
  }

  private static String process(ControlReply.Engine shown) {
    return shown.pid() == 0
        ? "none, restarts " + shown.restarts()
        : "pid " + shown.pid() + ", uid " + shown.uid() + ", restarts " + shown.restarts();
  }

  private static String orNone(String text) {
    return text.isBlank() ? "none" : Printable.of(text.strip());
  }
}
