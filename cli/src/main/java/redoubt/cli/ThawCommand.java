package redoubt.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import redoubt.core.wire.ControlRequest;

/// `redoubt thaw`.
@Command(
    name = "thaw",
    customSynopsis = "redoubt thaw [--json] FREEZE|all",
    description = {
      "Let processes go on that are stopped on an engine's wish. Needs root.",
      "",
      "Without an agent, redoubt rescue observe does the same."
    })
final class ThawCommand extends Subcommand {
  @Parameters(
      paramLabel = "FREEZE|all",
      hideParamSyntax = true,
      description = "Which ones, by the number that redoubt frozen shows.")
  private String which = "";

  ThawCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    String answer = session().agent().change(new ControlRequest.Thaw(parse(which)));
    if (wantsJson()) {
      terminal().json(object().put("message", answer));
    } else {
      terminal().line(Printable.of(answer));
    }
    return ExitCode.OK;
  }

  private static long parse(String word) {
    if (word.equals("all")) {
      return 0;
    }
    try {
      long id = Long.parseLong(word);
      if (id > 0) {
        return id;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new Problem(
        ExitCode.USAGE, "no such freeze: freeze=" + word, "redoubt frozen shows the numbers");
  }
}
