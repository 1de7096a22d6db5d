package redoubt.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.cli.Table.Cell;
import redoubt.core.wire.FleetMessage;

/// `redoubt fleet allow` and what is below it: exceptions for the whole fleet.
final class FleetAllowCommands {
  private FleetAllowCommands() {}

  /// `redoubt fleet allow`.
  @Command(
      name = "allow",
      synopsisSubcommandLabel = "list|add|remove",
      description = {
        "Let something run on the hosts of the fleet whatever engines say.",
        "",
        "Hosts that are there are told at once, others when they come. It counts beside what a"
            + " host's own owner allows, and stays in force while the server is away. Changing it"
            + " is for owners."
      })
  static final class Group extends CommandGroup {
    Group(Session session) {
      super(
          session, "what to do with exceptions: list, add or remove", "redoubt fleet allow --help");
    }
  }

  /// `redoubt fleet allow list`.
  @Command(
      name = "list",
      description =
          "Show the exceptions of the fleet, how many hosts have them, and where one makes no"
              + " sense.")
  static final class ListAll extends FleetCommands.Asking {
    ListAll(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      JsonNode policy = get("/policy");
      if (wantsJson()) {
        terminal().json(policy);
        return ExitCode.OK;
      }
      JsonNode exceptions = policy.path("exceptions");
      if (exceptions.isEmpty()) {
        terminal().line("no exceptions: redoubt fleet allow add HASH|PATH|PACKAGE");
        return ExitCode.OK;
      }
      Table table = new Table("ID", "VALUE", "ENGINE", "ONLY", "UNTIL", "SINCE", "BY", "COMMENT");
      exceptions.forEach(each ->
          table.add(
              Cell.of(each.path("id").asText()),
              Cell.of(each.path("value").asText()),
              Cell.of(each.path("engine").asText()),
              Cell.of(each.path("label").asText("-")),
              Cell.of(each.has("until") ? local(each.path("until")) : "-"),
              Cell.of(local(each.path("made"))),
              Cell.of(each.path("madeBy").asText()),
              Cell.of(each.path("comment").asText())));
      table.print(terminal());
      terminal().line("in force on " + policy.path("hostsInForce").asText() + " connected hosts");
      policy
          .path("problems")
          .forEach(each ->
              terminal()
                  .line(
                      Printable.of(
                          "host "
                              + each.path("host").asText()
                              + " leaves out "
                              + each.path("leftOut").asText()
                              + ": "
                              + each.path("problem").asText())));
      return ExitCode.OK;
    }
  }

  /// `redoubt fleet allow add`.
  @Command(
      name = "add",
      description = {
        "Add an exception.",
        "",
        "By hash it follows the content anywhere. A host leaves out a path that others than root"
            + " can write there, and a package that it does not have, and says so."
      })
  static final class Add extends FleetCommands.Asking {
    @Parameters(
        paramLabel = "HASH|PATH|PACKAGE",
        description = "64 hexadecimal digits, an absolute path, or the name of a package.")
    private String value = "";

    @Option(
        names = "--engine",
        paramLabel = "E",
        defaultValue = FleetMessage.Exemption.EVERY_ENGINE,
        description = "Only against this engine. Default: every engine.")
    private String engine = FleetMessage.Exemption.EVERY_ENGINE;

    @Option(
        names = "--only",
        paramLabel = "LABEL",
        defaultValue = "",
        description = "Only on hosts with this label. Default: every host.")
    private String label = "";

    @Option(
        names = "--until",
        paramLabel = "T",
        description = "When it ends: 90m, 12h, 7d, 2026-12-31, or date and time. Default: never.")
    private @Nullable String until;

    @Option(
        names = "--comment",
        paramLabel = "TEXT",
        defaultValue = "",
        description = "Why, for people.")
    private String comment = "";

    Add(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      ObjectNode body = object().put("value", value).put("engine", engine).put("comment", comment);
      if (!label.isEmpty()) {
        body.put("label", label);
      }
      if (until != null) {
        Instant now = session().clock().instant().truncatedTo(ChronoUnit.SECONDS);
        Instant end = Times.requireEnd(until, now, session().clock().getZone());
        body.put("until", end.toString());
      }
      JsonNode made = ask("POST", "/policy/exceptions", body);
      if (wantsJson()) {
        terminal().json(made);
      } else {
        terminal().line("exception " + made.path("id").asText() + ": " + Printable.of(value));
      }
      return ExitCode.OK;
    }
  }

  /// `redoubt fleet allow remove`.
  @Command(name = "remove", description = "End an exception: engines decide again.")
  static final class Remove extends FleetCommands.Asking {
    @Parameters(paramLabel = "ID", description = "Its number, as fleet allow list shows it.")
    private int id;

    Remove(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      ask("DELETE", "/policy/exceptions/" + id, null);
      if (wantsJson()) {
        terminal().json(object().put("removed", id));
      } else {
        terminal().line("engines decide again: exception " + id);
      }
      return ExitCode.OK;
    }
  }
}
