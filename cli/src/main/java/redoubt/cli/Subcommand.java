package redoubt.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What all subcommands share: `--help`, `--json`, exit codes.
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done, or the answer is yes",
      "1:the answer is no: nothing was found, or there are problems",
      "2:the command line was wrong",
      "3:no agent runs, or it, or the fleet server, does not answer",
      "4:this user may not do that",
      "5:the agent or this program failed"
    })
abstract class Subcommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print JSON instead of text.")
  private boolean json;

  private final Session session;

  Subcommand(Session session) {
    this.session = session;
  }

  final Session session() {
    return session;
  }

  final Terminal terminal() {
    return session.terminal();
  }

  final boolean wantsJson() {
    return json;
  }

  /// Prints what is said of something under one name, below the line that says what it is about.
  final void field(String name, String value) {
    terminal().line("  " + (name + " ".repeat(Math.max(0, 10 - name.length()))) + " " + value);
  }

  /// Refuses a number that an option may not have.
  static void requireRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new Problem(
          ExitCode.USAGE,
          "number out of range: " + name + "=" + value,
          "say " + least + " to " + most);
    }
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
