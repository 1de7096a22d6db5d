package redoubt.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.agent.journal.JournalReader;
import redoubt.cli.Table.Cell;
import redoubt.cli.Terminal.Tone;

/// `redoubt fleet` and what is below it: many hosts, by way of their server.
final class FleetCommands {
  static final String HOST = "The host: its id, or its name where no other has it.";
  private static final int MOST = 1_000;

  private FleetCommands() {}

  /// `redoubt fleet`.
  @Command(
      name = "fleet",
      synopsisSubcommandLabel =
          "serve|demo|join|leave|hosts|host|records|engines|marks|token|revoke|isolate|release|scan|collect|fetch|takeback|commands|audit|operators|allow|outputs|label|windows|pin|unpin|rollouts",
      description = {
        "Run a server for many hosts, or ask one.",
        "",
        "Whoever asks needs an access file, which says where the server is and who asks. The first"
            + " is made by the server when it starts: owner.json in its folder."
      })
  static final class Group extends CommandGroup {
    Group(Session session) {
      super(
          session,
          "what to do with the fleet: serve, demo, join, leave, hosts, host, records, engines, marks, token, revoke,"
              + " isolate, release, scan, collect, fetch, takeback, commands, audit, operators, allow, outputs, label, windows,"
              + " pin, unpin or rollouts",
          "redoubt fleet --help");
    }
  }

  /// One that asks the server.
  abstract static class Asking extends Subcommand {
    @Mixin private FleetConnection connection = new FleetConnection();

    Asking(Session session) {
      super(session);
    }

    final FleetConnection connection() {
      return connection;
    }

    final JsonNode get(String path) {
      return connection.get(session(), path);
    }

    final JsonNode ask(String method, String path, @Nullable ObjectNode body) {
      return connection.ask(session(), method, path, body);
    }

    /// A time that the server told, for people.
    final String local(JsonNode time) {
      try {
        return Times.local(Instant.parse(time.asText()), session().clock().getZone());
      } catch (DateTimeException _) {
        return time.asText();
      }
    }
  }

  /// How many lines are shown.
  static final class Newest {
    @Option(
        names = {"-n", "--lines"},
        paramLabel = "N",
        defaultValue = "20",
        description = "How many of the last to show, 1 to 1000. Default: ${DEFAULT-VALUE}.")
    private int count = 20;

    int count() {
      Subcommand.requireRange("lines", count, 1, MOST);
      return count;
    }
  }

  private static String state(JsonNode host) {
    if (host.has("revoked")) {
      return "cast out";
    }
    return host.path("connected").asBoolean() ? host.path("state").asText() : "away";
  }

  private static Cell stateCell(JsonNode host) {
    String state = state(host);
    return switch (state) {
      case "enforcing" -> Cell.of(state, Tone.GOOD);
      case "cast out", "degraded" -> Cell.of(state, Tone.BAD);
      default -> Cell.of(state, Tone.WARNING);
    };
  }

  static List<JsonNode> oldestFirst(JsonNode newestFirst) {
    List<JsonNode> lines = new ArrayList<>();
    newestFirst.forEach(lines::addFirst);
    return lines;
  }

  private static Cell cell(JsonNode node, String field) {
    return Cell.of(node.path(field).asText());
  }

  /// `redoubt fleet hosts`.
  @Command(
      name = "hosts",
      description = {"Show the hosts of the fleet.", "", "Exit status 1 if there is none."})
  static final class Hosts extends Asking {
    @Option(names = "--site", paramLabel = "SITE", description = "Only those that stand there.")
    private @Nullable String site;

    @Option(names = "--label", paramLabel = "LABEL", description = "Only those called by it.")
    private @Nullable String label;

    Hosts(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      List<JsonNode> hosts =
          connection().hosts(session()).stream()
              .filter(host -> site == null || host.path("site").asText().equals(site))
              .filter(host -> label == null || hasLabel(host, label))
              .toList();
      if (wantsJson()) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        hosts.forEach(array::add);
        terminal().json(array);
      } else if (hosts.isEmpty()) {
        terminal().line("none yet: redoubt fleet token makes what lets one in");
      } else {
        print(hosts);
      }
      return hosts.isEmpty() ? ExitCode.NO : ExitCode.OK;
    }

    private static boolean hasLabel(JsonNode host, String label) {
      for (JsonNode each : host.path("labels")) {
        if (each.asText().equals(label)) {
          return true;
        }
      }
      return false;
    }

    private void print(List<JsonNode> hosts) {
      Table table = new Table("NAME", "STATE", "HEARD OF", "SITE", "CLASS", "SYSTEM", "ID");
      TreeMap<String, Integer> states = new TreeMap<>();
      for (JsonNode host : hosts) {
        states.merge(state(host), 1, Integer::sum);
        table.add(
            cell(host, "name"),
            stateCell(host),
            Cell.of(local(host.path("seen"))),
            cell(host, "site"),
            cell(host, "deviceClass"),
            cell(host, "system"),
            cell(host, "id"));
      }
      table.print(terminal());
      List<String> counts = new ArrayList<>();
      states.forEach((state, count) -> counts.add(count + " " + state));
      terminal()
          .line(
              hosts.size()
                  + (hosts.size() == 1 ? " host: " : " hosts: ")
                  + String.join(", ", counts));
    }
  }

  /// `redoubt fleet host`.
  @Command(name = "host", description = "Show what is known of one host.")
  static final class Host extends Asking {
    @Parameters(paramLabel = "HOST", description = HOST)
    private String host = "";

    Host(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      JsonNode node = get(connection().host(session(), host));
      if (wantsJson()) {
        terminal().json(node);
      } else {
        print(node);
      }
      return ExitCode.OK;
    }

    private void print(JsonNode node) {
      terminal().line(Printable.of(node.path("name").asText() + "  " + node.path("id").asText()));
      field("state", state(node));
      field("heard of", local(node.path("seen")));
      field("taken in", local(node.path("enrolled")) + ", enrolment " + node.path("enrolment"));
      if (node.has("revoked")) {
        field("cast out", local(node.path("revoked")));
      }
      field("site", shown(node, "site"));
      field("class", shown(node, "deviceClass"));
      List<String> labels = new ArrayList<>();
      node.path("labels").forEach(label -> labels.add(label.asText()));
      if (!labels.isEmpty()) {
        field("labels", Printable.of(String.join(", ", labels)));
      }
      field("system", shown(node, "system") + ", Linux " + shown(node, "kernel"));
      field(
          "machine",
          "%s, %d processors, %d MiB"
              .formatted(
                  (shown(node, "machine") + " " + shown(node, "model")).strip(),
                  node.path("processors").asInt(),
                  node.path("memoryMiB").asInt()));
      field("agent", shown(node, "agentVersion"));
    }

    private static String shown(JsonNode node, String field) {
      return Printable.of(node.path(field).asText());
    }
  }

  /// `redoubt fleet records`.
  @Command(
      name = "records",
      description = {
        "Show what a host decided and noticed, the newest last.",
        "",
        "With --json, each line is one OCSF event as it stands in the host's journal. Exit status 1"
            + " if there is none."
      })
  static final class Records extends Asking {
    @Parameters(paramLabel = "HOST", description = HOST)
    private String host = "";

    @Mixin private Newest newest = new Newest();

    Records(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      JsonNode answer = get(connection().host(session(), host) + "/records?most=" + newest.count());
      List<JsonNode> lines = oldestFirst(answer.path("records"));
      lines.forEach(line -> print(line.path("line").asText()));
      return lines.isEmpty() ? ExitCode.NO : ExitCode.OK;
    }

    private void print(String line) {
      String text =
          wantsJson()
              ? line
              : JournalReader.parse(line.getBytes(StandardCharsets.UTF_8))
                  .map(parsed -> EventText.of(parsed, terminal(), session().clock()))
                  .orElseGet(() -> Printable.of(line));
      terminal().line(text);
    }
  }

  /// `redoubt fleet token`.
  @Command(
      name = "token",
      description = {
        "Make a token that lets one host in, once.",
        "",
        "It is shown now and never again. Whoever has it can make a host one of the fleet until it is"
            + " used or expires."
      })
  static final class Token extends Asking {
    private static final int MOST_HOURS = 720;

    @Option(
        names = "--site",
        paramLabel = "SITE",
        description = "Where the host stands: up to 64 letters, digits, '.', '_' and '-'.")
    private @Nullable String site;

    @Option(
        names = "--class",
        paramLabel = "CLASS",
        defaultValue = "server",
        description =
            "What it is: server, workstation or laptop, which sleeps. Default: ${DEFAULT-VALUE}.")
    private String deviceClass = "server";

    @Option(
        names = "--for",
        paramLabel = "HOST",
        description = "Take this host of the fleet in anew; it keeps its id.")
    private @Nullable String host;

    @Option(
        names = "--hours",
        paramLabel = "N",
        defaultValue = "24",
        description = "How long it may be used, 1 to 720. Default: ${DEFAULT-VALUE}.")
    private int hours = 24;

    Token(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      requireRange("hours", hours, 1, MOST_HOURS);
      ObjectNode body = object().put("deviceClass", deviceClass).put("hours", hours);
      Optional.ofNullable(site).ifPresent(word -> body.put("site", word));
      if (host != null) {
        String path = connection().host(session(), host);
        body.put("host", path.substring(path.lastIndexOf('/') + 1));
      }
      JsonNode made = ask("POST", "/tokens", body);
      if (wantsJson()) {
        terminal().json(made);
      } else {
        // Alone on its line, so that it can be piped.
        terminal().line(Printable.of(made.path("token").asText()));
        terminal().err().println("lets one host in, once, until " + local(made.path("expires")));
      }
      return ExitCode.OK;
    }
  }

  /// `redoubt fleet revoke`.
  @Command(
      name = "revoke",
      description = {
        "Cast a host out: it is cut off, and its certificates are good for nothing from now on.",
        "",
        "It goes on protecting itself with what it has. With a token that is made for it, it can come"
            + " back."
      })
  static final class Revoke extends Asking {
    @Parameters(paramLabel = "HOST", description = HOST)
    private String host = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit.")
    private String reason = "";

    Revoke(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      String path = connection().host(session(), host);
      JsonNode gone = ask("POST", path + "/revoke", object().put("reason", reason));
      if (wantsJson()) {
        terminal().json(gone);
      } else {
        terminal()
            .line(
                Printable.of(
                    "cast out: " + gone.path("name").asText() + " " + gone.path("id").asText()));
      }
      return ExitCode.OK;
    }
  }

  /// `redoubt fleet audit`.
  @Command(name = "audit", description = "Show who did what at the server, the newest last.")
  static final class Audit extends Asking {
    @Mixin private Newest newest = new Newest();

    Audit(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      JsonNode entries = get("/audit?most=" + newest.count()).path("entries");
      if (wantsJson()) {
        terminal().json(entries);
        return ExitCode.OK;
      }
      List<JsonNode> lines = oldestFirst(entries);
      Table table = new Table("NO", "TIME", "WHO", "DID", "TO", "DETAIL");
      lines.forEach(line ->
          table.add(
              Cell.of(line.path("sequence").asLong()),
              Cell.of(local(line.path("time"))),
              cell(line, "actor"),
              cell(line, "action"),
              cell(line, "subject"),
              cell(line, "detail")));
      table.print(terminal());
      return ExitCode.OK;
    }
  }
}
