package redoubt.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.cli.Table.Cell;
import redoubt.cli.Terminal.Tone;

/// `redoubt fleet isolate|release|scan|commands`: what is done on a host of the fleet.
final class FleetHostCommands {
  private static final int LOOK_MILLIS = 500;
  private static final int MOST_WAIT = 86_400;

  private FleetHostCommands() {}

  private static Cell stateCell(JsonNode command) {
    String state = command.path("state").asText();
    return switch (state) {
      case "done" -> Cell.of(state, Tone.GOOD);
      case "failed", "expired" -> Cell.of(state, Tone.BAD);
      default -> Cell.of(state, Tone.WARNING);
    };
  }

  private static String words(JsonNode command) {
    return switch (command.path("action").asText()) {
      case "isolate" -> "isolate for " + command.path("seconds").asInt() + " s";
      case "scan", "collect" -> {
        List<String> words = new ArrayList<>(List.of(command.path("action").asText()));
        command.path("paths").forEach(path -> words.add(path.asText()));
        yield String.join(" ", words);
      }
      case "take-back" -> "take back " + command.path("engine").asText();
      default -> command.path("action").asText().replace('-', ' ');
    };
  }

  /// One that has something done on a host.
  abstract static class Ordering extends FleetCommands.Asking {
    @Parameters(index = "0", paramLabel = "HOST", description = FleetCommands.HOST)
    private String host = "";

    @Option(
        names = "--wait",
        paramLabel = "SECONDS",
        defaultValue = "60",
        description =
            "How long to wait for what becomes of it, 0 to 86400. Default: ${DEFAULT-VALUE}.")
    private int wait = 60;

    Ordering(Session session) {
      super(session);
    }

    /// What is to be done.
    abstract ObjectNode action();

    /// It was done, and that was told.
    void done(JsonNode command) {
      // Mostly there is nothing more to it.
    }

    @Override
    public final Integer call() {
      requireRange("wait", wait, 0, MOST_WAIT);
      String path = connection().host(session(), host) + "/commands";
      JsonNode command = ask("POST", path, action());
      long end = System.nanoTime() + Duration.ofSeconds(wait).toNanos();
      while (command.path("state").asText().equals("waiting") && System.nanoTime() - end < 0) {
        pause();
        command = found(get(path + "?most=100").path("commands"), command);
      }
      return tell(command);
    }

    private static JsonNode found(JsonNode all, JsonNode command) {
      for (JsonNode each : all) {
        if (each.path("id").asLong() == command.path("id").asLong()) {
          return each;
        }
      }
      return command;
    }

    private static void pause() {
      try {
        Thread.sleep(LOOK_MILLIS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new Problem(ExitCode.NO, "interrupted", "redoubt fleet commands shows the rest");
      }
    }

    private int tell(JsonNode command) {
      String state = command.path("state").asText();
      if (wantsJson()) {
        terminal().json(command);
      } else if (state.equals("waiting")) {
        terminal().line("it waits for the host, for a day at most: redoubt fleet commands " + host);
      } else {
        terminal().line(Printable.of(command.path("outcome").asText(state)));
      }
      if (state.equals("done")) {
        done(command);
      }
      return state.equals("done") ? ExitCode.OK : ExitCode.NO;
    }
  }

  /// One that is about files and folders.
  abstract static class OnPaths extends Ordering {
    private final String word;

    @Parameters(
        index = "1..*",
        arity = "1..*",
        paramLabel = "PATH",
        description = "Files and folders, as absolute paths.")
    private List<String> paths = List.of();

    /// @param word what the server calls it
    OnPaths(Session session, String word) {
      super(session);
      this.word = word;
    }

    @Override
    final ObjectNode action() {
      ObjectNode action = object().put("action", word);
      ArrayNode all = action.putArray("paths");
      paths.forEach(all::add);
      return action;
    }
  }

  /// `redoubt fleet isolate`.
  @Command(
      name = "isolate",
      description = {
        "Cut a host off from the network, but for its name servers and the fleet's server.",
        "",
        "Its kernel ends it, whether anybody is there or not. A host that is away is told when it is"
            + " back, within a day.",
        "",
        "Exit status 0 if it was done, 1 if it was not, or not yet."
      })
  static final class Isolate extends Ordering {
    @Option(
        names = "--for",
        paramLabel = "T",
        defaultValue = "4h",
        description = "For how long: 30m, 4h, 2d; 5s to 7d. Default: ${DEFAULT-VALUE}.")
    private String length = "4h";

    Isolate(Session session) {
      super(session);
    }

    @Override
    ObjectNode action() {
      return object()
          .put("action", "isolate")
          .put("seconds", Math.toIntExact(IsolateCommands.length(length).toSeconds()));
    }
  }

  /// `redoubt fleet release`.
  @Command(
      name = "release",
      description = {
        "Let a host that was isolated talk again.",
        "",
        "Exit status 0 if it was done, 1 if it was not, or not yet."
      })
  static final class Release extends Ordering {
    Release(Session session) {
      super(session);
    }

    @Override
    ObjectNode action() {
      return object().put("action", "end-isolation");
    }
  }

  /// `redoubt fleet scan`.
  @Command(
      name = "scan",
      description = {
        "Have a host look at files now, with the engines that it has. It gives way to everything else"
            + " there.",
        "",
        "What is found comes with the host's records. Exit status 0 if it was done, whatever was"
            + " found, 1 if it was not, or not yet."
      })
  static final class Scan extends OnPaths {
    Scan(Session session) {
      super(session, "scan");
    }
  }

  /// `redoubt fleet takeback`.
  @Command(
      name = "takeback",
      description = {
        "Have a host take back what came into force last for one of its engines, and return to what it"
            + " had before.",
        "",
        "Exit status 0 if it was done, 1 if it was not, or not yet."
      })
  static final class TakeBack extends Ordering {
    @Parameters(
        index = "1",
        paramLabel = "ENGINE",
        description =
            "Whose content, as redoubt content list names it there; ENGINE.engine for the engine"
                + " itself.")
    private String engine = "";

    TakeBack(Session session) {
      super(session);
    }

    @Override
    ObjectNode action() {
      return object().put("action", "take-back").put("engine", engine);
    }
  }

  /// `redoubt fleet commands`.
  @Command(
      name = "commands",
      description = {
        "Show what was to be done on a host, and what became of it, the newest last.",
        "",
        "Exit status 1 if there is nothing."
      })
  static final class ListAll extends FleetCommands.Asking {
    @Parameters(paramLabel = "HOST", description = FleetCommands.HOST)
    private String host = "";

    @Mixin private FleetCommands.Newest newest = new FleetCommands.Newest();

    ListAll(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      JsonNode all =
          get(connection().host(session(), host) + "/commands?most=" + newest.count())
              .path("commands");
      if (wantsJson()) {
        terminal().json(all);
      } else if (all.isEmpty()) {
        terminal().line("nothing yet");
      } else {
        Table table = new Table("NO", "WHEN", "WHO", "WHAT", "STATE", "WHAT BECAME OF IT");
        for (JsonNode each : FleetCommands.oldestFirst(all)) {
          table.add(
              Cell.of(each.path("id").asText()),
              Cell.of(local(each.path("made"))),
              Cell.of(each.path("operator").asText()),
              Cell.of(words(each)),
              stateCell(each),
              Cell.of(each.path("outcome").asText("-")));
        }
        table.print(terminal());
      }
      return all.isEmpty() ? ExitCode.NO : ExitCode.OK;
    }
  }
}
