package redoubt.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.agent.updates.UpdateWindow;
import redoubt.cli.Table.Cell;

/// `redoubt fleet label` and `redoubt fleet windows`: what hosts are called by, and the hours that
/// go with it.
final class FleetLabelCommands {
  private FleetLabelCommands() {}

  /// `redoubt fleet label`.
  @Command(
      name = "label",
      description = {
        "Give a host labels, or take some from it: rings of rollouts and maintenance windows go by"
            + " them. For operators.",
        "",
        "Without an option it shows them; exit status 1 if there is none."
      })
  static final class Label extends FleetCommands.Asking {
    @Parameters(paramLabel = "HOST", description = FleetCommands.HOST)
    private String host = "";

    @Option(
        names = "--add",
        paramLabel = "LABEL",
        description = "One more: 1 to 64 of a-z 0-9 . _ -. May be repeated.")
    private List<String> add = new ArrayList<>();

    @Option(names = "--remove", paramLabel = "LABEL", description = "One less. May be repeated.")
    private List<String> remove = new ArrayList<>();

    Label(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      String path = connection().host(session(), host);
      JsonNode node;
      if (add.isEmpty() && remove.isEmpty()) {
        node = get(path);
      } else {
        ObjectNode body = object();
        add.forEach(body.putArray("add")::add);
        remove.forEach(body.putArray("remove")::add);
        node = ask("POST", path + "/labels", body);
      }
      JsonNode labels = node.path("labels");
      if (wantsJson()) {
        terminal().json(labels);
      } else if (labels.isEmpty()) {
        terminal().line("no labels");
      } else {
        labels.forEach(label -> terminal().line(Printable.of(label.asText())));
      }
      return labels.isEmpty() && add.isEmpty() && remove.isEmpty() ? ExitCode.NO : ExitCode.OK;
    }
  }

  /// `redoubt fleet windows`.
  @Command(
      name = "windows",
      synopsisSubcommandLabel = "list|set|remove",
      description = {
        "Say when hosts with a label may be updated by rollouts.",
        "",
        "A host with several such labels keeps the window of the first by name; one without any is"
            + " updated at any time. A bundle that comes into force as its window ends stays. What is"
            + " taken back is taken back at any time."
      })
  static final class Windows extends CommandGroup {
    Windows(Session session) {
      super(
          session, "what to do with windows: list, set or remove", "redoubt fleet windows --help");
    }
  }

  /// `redoubt fleet windows list`.
  @Command(
      name = "list",
      description = {"Show the windows.", "", "Exit status 1 if there is none."})
  static final class ListAll extends FleetCommands.Asking {
    ListAll(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      JsonNode windows = get("/windows").path("windows");
      if (wantsJson()) {
        terminal().json(windows);
      } else if (windows.isEmpty()) {
        terminal().line("none: hosts are updated at any time");
      } else {
        Table table = new Table("LABEL", "DAYS", "FROM", "TO", "ZONE");
        windows.forEach(each -> {
          List<String> days = new ArrayList<>();
          each.path("days").forEach(day -> days.add(day.asText()));
          table.add(
              Cell.of(each.path("label").asText()),
              Cell.of(days.size() == 7 ? "every day" : String.join(", ", days)),
              Cell.of(each.path("from").asText()),
              Cell.of(each.path("to").asText()),
              Cell.of(each.path("zone").asText()));
        });
        table.print(terminal());
      }
      return windows.isEmpty() ? ExitCode.NO : ExitCode.OK;
    }
  }

  /// `redoubt fleet windows set`.
  @Command(name = "set", description = "Have hosts with a label be updated only then. For owners.")
  static final class Set extends FleetCommands.Asking {
    @Parameters(index = "0", paramLabel = "LABEL", description = "Which hosts.")
    private String label = "";

    @Parameters(
        index = "1",
        paramLabel = "WHEN",
        description = "When: 22:00-05:00, or sat,sun 02:00-06:00.")
    private String when = "";

    @Option(
        names = "--zone",
        paramLabel = "ZONE",
        description = "By the clock of which zone, such as Europe/Berlin. Default: this host's.")
    private String zone = "";

    Set(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      ObjectNode body = object();
      try {
        UpdateWindow window = UpdateWindow.parse(when);
        ArrayNode days = body.putArray("days");
        window.days().stream()
            .sorted()
            .forEach(day -> days.add(day.name().toLowerCase(Locale.ROOT)));
        body.put("from", window.from().toString()).put("to", window.until().toString());
      } catch (IllegalArgumentException e) {
        throw new Problem(
            ExitCode.USAGE,
            Printable.of(String.valueOf(e.getMessage())),
            "name days and hours: \"mon,tue 22:00-05:00\"");
      }
      body.put("zone", zone.isEmpty() ? ZoneId.systemDefault().getId() : zone);
      JsonNode set = ask("PUT", "/windows/" + FleetConnection.part(label), body);
      if (wantsJson()) {
        terminal().json(set);
      } else {
        terminal().line("hosts with the label " + Printable.of(label) + " are updated only then");
      }
      return ExitCode.OK;
    }
  }

  /// `redoubt fleet windows remove`.
  @Command(
      name = "remove",
      description = "Have hosts with a label be updated at any time again. For owners.")
  static final class Remove extends FleetCommands.Asking {
    @Parameters(paramLabel = "LABEL", description = "Which hosts.")
    private String label = "";

    Remove(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      ask("DELETE", "/windows/" + FleetConnection.part(label), null);
      if (wantsJson()) {
        terminal().json(object().put("removed", label));
      } else {
        terminal().line("hosts with the label " + Printable.of(label) + " are updated at any time");
      }
      return ExitCode.OK;
    }
  }
}
