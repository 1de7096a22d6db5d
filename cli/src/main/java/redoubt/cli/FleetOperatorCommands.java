package redoubt.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.cli.Table.Cell;

/// `redoubt fleet operators` and what is below it: who may use the server.
final class FleetOperatorCommands {
  private FleetOperatorCommands() {}

  /// `redoubt fleet operators`.
  @Command(
      name = "operators",
      synopsisSubcommandLabel = "list|add|remove",
      description = {
        "Say who may use the fleet's server. For owners.",
        "",
        "A viewer looks; an operator acts on hosts; an owner says who may do what and decides about"
            + " updates; a vendor sees how its own updates do, and nothing of hosts."
      })
  static final class Group extends CommandGroup {
    Group(Session session) {
      super(
          session,
          "what to do with operators: list, add or remove",
          "redoubt fleet operators --help");
    }
  }

  /// `redoubt fleet operators list`.
  @Command(name = "list", description = "Show who may use the server.")
  static final class ListAll extends FleetCommands.Asking {
    ListAll(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      JsonNode operators = get("/operators").path("operators");
      if (wantsJson()) {
        terminal().json(operators);
        return ExitCode.OK;
      }
      Table table = new Table("NAME", "ROLE", "SINCE", "BY");
      operators.forEach(each ->
          table.add(
              Cell.of(each.path("name").asText()),
              Cell.of(each.path("role").asText()),
              Cell.of(local(each.path("made"))),
              Cell.of(each.path("madeBy").asText())));
      table.print(terminal());
      return ExitCode.OK;
    }
  }

  /// `redoubt fleet operators add`.
  @Command(
      name = "add",
      description = {
        "Let somebody in, or give them another role: their access file is made anew.",
        "",
        "Hand the file over by a way that nobody else can read; the one before is good for nothing"
            + " from now on."
      })
  static final class Add extends FleetCommands.Asking {
    @Parameters(
        paramLabel = "NAME",
        description = "Who: 1 to 64 of a-z 0-9 . _ - with a letter first.")
    private String name = "";

    @Option(
        names = "--role",
        paramLabel = "ROLE",
        required = true,
        description = "What they may: viewer, operator, owner or vendor.")
    private String role = "";

    @Option(
        names = "--output",
        paramLabel = "FILE",
        required = true,
        description = "Where to write their access file.")
    private Path output = Path.of("");

    Add(Session session) {
      super(session);
    }

    /// The file is there before the token is: what cannot be written takes nobody's token away.
    @Override
    public Integer call() {
      FleetAccess own = connection().access(session());
      own.of(name, "").write(output);
      JsonNode made;
      try {
        made = ask("PUT", "/operators/" + FleetConnection.part(name), object().put("role", role));
      } catch (Problem e) {
        FleetAccess.remove(output);
        throw e;
      }
      FleetAccess.remove(output);
      own.of(name, made.path("token").asText()).write(output);
      if (wantsJson()) {
        terminal()
            .json(
                object()
                    .put("name", name)
                    .put("role", made.path("role").asText())
                    .put("access", output.toString()));
      } else {
        terminal().line("may come in as " + made.path("role").asText() + ": " + name);
        terminal().line("access file: " + output);
      }
      return ExitCode.OK;
    }
  }

  /// `redoubt fleet operators remove`.
  @Command(
      name = "remove",
      description = "Let somebody in no more, from now on. The last owner stays.")
  static final class Remove extends FleetCommands.Asking {
    @Parameters(paramLabel = "NAME", description = "Who.")
    private String name = "";

    Remove(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      ask("DELETE", "/operators/" + FleetConnection.part(name), null);
      if (wantsJson()) {
        terminal().json(object().put("removed", name));
      } else {
        terminal().line("may come in no more: " + Printable.of(name));
      }
      return ExitCode.OK;
    }
  }
}
