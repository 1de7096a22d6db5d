package redoubt.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import redoubt.cli.Table.Cell;

/// `redoubt fleet outputs` and what is below it: what else gets findings and the audit.
final class FleetOutputCommands {
  private FleetOutputCommands() {}

  /// `redoubt fleet outputs`.
  @Command(
      name = "outputs",
      synopsisSubcommandLabel = "list|add|remove",
      description = {
        "Send findings of hosts and the audit to other programs: webhooks and syslog. For owners.",
        "",
        "Each output gets what happens from when it was added, in order and at least once: what it"
            + " does not take waits, up to 100,000, and is sent again."
      })
  static final class Group extends CommandGroup {
    Group(Session session) {
      super(
          session, "what to do with outputs: list, add or remove", "redoubt fleet outputs --help");
    }
  }

  /// `redoubt fleet outputs list`.
  @Command(name = "list", description = "Show where findings and the audit go.")
  static final class ListAll extends FleetCommands.Asking {
    ListAll(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      JsonNode outputs = get("/outputs").path("outputs");
      if (wantsJson()) {
        terminal().json(outputs);
        return ExitCode.OK;
      }
      if (outputs.isEmpty()) {
        terminal().line("none: redoubt fleet outputs add ADDRESS");
        return ExitCode.OK;
      }
      Table table = new Table("ID", "ADDRESS", "WAITING", "LOST", "SINCE", "BY", "PROBLEM");
      outputs.forEach(each ->
          table.add(
              Cell.of(each.path("id").asText()),
              Cell.of(each.path("address").asText()),
              Cell.of(each.path("waiting").asText()),
              Cell.of(each.path("lost").asText()),
              Cell.of(local(each.path("made"))),
              Cell.of(each.path("madeBy").asText()),
              Cell.of(each.path("problem").asText("-"))));
      table.print(terminal());
      return ExitCode.OK;
    }
  }

  /// `redoubt fleet outputs add`.
  @Command(
      name = "add",
      description = {
        "Send findings and the audit to an address, from now on.",
        "",
        "To https, as JSON in the body of a POST, with a signature in the header Redoubt-Signature:"
            + " t=SECONDS,v1=HMAC-SHA-256 of \"SECONDS.BODY\" by the secret that is shown now and"
            + " never again. To syslog+tls, syslog+tcp or syslog+udp as messages of RFC 5424 whose"
            + " text is the same JSON."
      })
  static final class Add extends FleetCommands.Asking {
    @Parameters(
        paramLabel = "ADDRESS",
        description =
            "Where to: an address of https, or syslog+tls, syslog+tcp or syslog+udp with host and"
                + " port.")
    private String address = "";

    Add(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      JsonNode made = ask("POST", "/outputs", object().put("address", address));
      if (wantsJson()) {
        terminal().json(made);
        return ExitCode.OK;
      }
      terminal().line("output " + made.path("id").asText() + ": " + Printable.of(address));
      if (made.has("secret")) {
        field("secret", made.path("secret").asText());
      }
      return ExitCode.OK;
    }
  }

  /// `redoubt fleet outputs remove`.
  @Command(
      name = "remove",
      description = "Send nothing to an output any more; what it has not got it never gets.")
  static final class Remove extends FleetCommands.Asking {
    @Parameters(paramLabel = "ID", description = "Its number, as fleet outputs list shows it.")
    private int id;

    Remove(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      ask("DELETE", "/outputs/" + id, null);
      if (wantsJson()) {
        terminal().json(object().put("removed", id));
      } else {
        terminal().line("nothing is sent there any more: output " + id);
      }
      return ExitCode.OK;
    }
  }
}
