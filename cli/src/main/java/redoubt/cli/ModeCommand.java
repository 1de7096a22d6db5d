package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import redoubt.core.model.EngineMode;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;

/// `redoubt mode`.
@Command(
    name = "mode",
    customSynopsis = "redoubt mode [--json] [[ENGINE] monitor|enforce]",
    description = {
      "Set what an engine's DENY is worth, at once. Without arguments, show it.",
      "",
      "monitor records it and denies nothing; enforce denies. Without an engine, for all of them"
          + " and those to come. Changing it needs root."
    })
final class ModeCommand extends Subcommand {
  @Parameters(
      index = "0..1",
      arity = "0..1",
      paramLabel = "[ENGINE] monitor|enforce",
      hideParamSyntax = true,
      description = "The mode, for one engine or for all.")
  private List<String> words = List.of();

  ModeCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    return words.isEmpty() ? show() : change();
  }

  private int show() {
    ObjectNode modes = object();
    for (ControlReply.Engine engine : session().agent().status().engines()) {
      modes.put(engine.id(), EngineTable.wordOf(engine.mode()));
      if (!wantsJson()) {
        terminal().line(Printable.of(engine.id()) + "  " + EngineTable.wordOf(engine.mode()));
      }
    }
    if (wantsJson()) {
      terminal().json(modes);
    }
    return ExitCode.OK;
  }

  private int change() {
    String engine = words.size() == 2 ? words.getFirst() : "";
    EngineMode mode = parse(words.getLast());
    String answer = session().agent().change(new ControlRequest.SetMode(engine, mode));
    if (wantsJson()) {
      ObjectNode node = object();
      node.put("engine", engine);
      node.put("mode", EngineTable.wordOf(mode));
      node.put("message", answer);
      terminal().json(node);
    } else {
      terminal().line(Printable.of(answer));
    }
    return ExitCode.OK;
  }

  private static EngineMode parse(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "monitor" -> EngineMode.MONITOR;
      case "enforce" -> EngineMode.ENFORCE;
      default ->
          throw new Problem(ExitCode.USAGE, "no such mode: mode=" + word, "say monitor or enforce");
    };
  }
}
