package redoubt.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `redoubt rescue`: here for its help text. The launcher runs a plain shell script, which needs no
/// Java.
@Command(
    name = "rescue",
    description = {
      "Take Redoubt out of the way when nothing else works. Needs root.",
      "",
      "A plain shell script, which also works from a rescue disk and in a chroot. The kernel"
          + " arguments redoubt=observe and redoubt=off do the same."
    })
final class RescueCommand extends Subcommand {
  @Parameters(
      arity = "1",
      paramLabel = "observe|off|on|status",
      description = "Deny nothing, hook nothing, back to normal, or show what is in force.")
  private String action = "";

  RescueCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    throw new Problem(
        ExitCode.USAGE,
        "the rescue script is started by the launcher, not by this program: action=" + action,
        "use the redoubt script itself: ./redoubt rescue " + action);
  }
}
