package redoubt.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.cli.Table.Cell;

/// `redoubt fleet marks` and what is below it: what engines said and was no threat.
final class FleetMarkCommands {
  private static final int PAGE = 1_000;

  private FleetMarkCommands() {}

  /// `redoubt fleet marks`.
  @Command(
      name = "marks",
      synopsisSubcommandLabel = "list|add|remove",
      description = {
        "Say that what an engine denied or found on hosts of the fleet was no threat.",
        "",
        "It changes no decision, only what redoubt fleet engines counts as false positives of that"
            + " engine. To let something run whatever engines say: redoubt fleet allow. Marking is"
            + " for operators and owners."
      })
  static final class Group extends CommandGroup {
    Group(Session session) {
      super(session, "what to do with marks: list, add or remove", "redoubt fleet marks --help");
    }
  }

  /// `redoubt fleet marks list`.
  @Command(
      name = "list",
      description = {
        "Show what was marked as no threat, by whom.",
        "",
        "Exit status 1 if nothing was."
      })
  static final class ListAll extends FleetCommands.Asking {
    ListAll(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      ArrayNode marks = all();
      if (wantsJson()) {
        terminal().json(marks);
      } else if (marks.isEmpty()) {
        terminal().line("no marks: redoubt fleet marks add ENGINE RULE [SUBJECT]");
      } else {
        print(marks);
      }
      return marks.isEmpty() ? ExitCode.NO : ExitCode.OK;
    }

    private ArrayNode all() {
      ArrayNode all = JsonNodeFactory.instance.arrayNode();
      while (true) {
        int before = all.size();
        int from = all.isEmpty() ? 0 : all.get(before - 1).path("id").asInt() + 1;
        get("/marks?most=" + PAGE + "&from=" + from).path("marks").forEach(all::add);
        if (all.size() < before + PAGE) {
          return all;
        }
      }
    }

    private void print(ArrayNode marks) {
      Table table = new Table("ID", "ENGINE", "RULE", "SUBJECT", "SINCE", "BY", "COMMENT");
      marks.forEach(each ->
          table.add(
              Cell.of(each.path("id").asText()),
              Cell.of(each.path("engine").asText()),
              Cell.of(each.path("rule").asText()),
              Cell.of(
                  each.path("subject").asText().isEmpty() ? "any" : each.path("subject").asText()),
              Cell.of(local(each.path("made"))),
              Cell.of(each.path("madeBy").asText()),
              Cell.of(each.path("comment").asText())));
      table.print(terminal());
    }
  }

  /// `redoubt fleet marks add`.
  @Command(
      name = "add",
      description = {
        "Mark what an engine says by one of its rules as no threat, on every host.",
        "",
        "All that it said so in the days that are looked at counts, and all that it will say."
      })
  static final class Add extends FleetCommands.Asking {
    @Parameters(
        index = "0",
        paramLabel = "ENGINE",
        description = "Whose word it is, as hosts call it.")
    private String engine = "";

    @Parameters(
        index = "1",
        paramLabel = "RULE",
        description = "By which of its rules, as redoubt fleet records shows it.")
    private String rule = "";

    @Parameters(
        index = "2",
        arity = "0..1",
        paramLabel = "SUBJECT",
        description =
            "Only about this file or program: its path, or the SHA-256 of the file in hexadecimal"
                + " digits. Default: any.")
    private String subject = "";

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
      ObjectNode body =
          object()
              .put("engine", engine)
              .put("rule", rule)
              .put("subject", subject)
              .put("comment", comment);
      JsonNode made = ask("POST", "/marks", body);
      if (wantsJson()) {
        terminal().json(made);
      } else {
        terminal()
            .line(
                Printable.of(
                    "no threat, mark "
                        + made.path("id").asText()
                        + ": "
                        + engine
                        + " "
                        + rule
                        + (subject.isEmpty() ? "" : " about " + subject)));
      }
      return ExitCode.OK;
    }
  }

  /// `redoubt fleet marks remove`.
  @Command(name = "remove", description = "Take a mark back.")
  static final class Remove extends FleetCommands.Asking {
    @Parameters(paramLabel = "ID", description = "Its number, as fleet marks list shows it.")
    private int id;

    Remove(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      ask("DELETE", "/marks/" + id, null);
      if (wantsJson()) {
        terminal().json(object().put("removed", id));
      } else {
        terminal().line("taken back: mark " + id);
      }
      return ExitCode.OK;
    }
  }
}
