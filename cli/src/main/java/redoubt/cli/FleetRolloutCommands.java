package redoubt.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.agent.policy.PrivateFile;
import redoubt.cli.Table.Cell;
import redoubt.cli.Terminal.Tone;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.content.FileDigest;
import redoubt.core.wire.BundleManifest;

/// `redoubt fleet rollouts` and what is below it.
final class FleetRolloutCommands {
  private static final String ID = "Its number, as redoubt fleet rollouts list shows it.";

  private FleetRolloutCommands() {}

  /// `redoubt fleet rollouts`.
  @Command(
      name = "rollouts",
      synopsisSubcommandLabel =
          "list|show|prepare|start|halt|resume|rollback|end|kill|revive|orders",
      description = {
        "Bring a bundle to the hosts of the fleet, ring by ring.",
        "",
        "A host of the fleet activates a bundle only with a lease, which the server signs as the"
            + " rollout allows: first a handful of hosts, then more as those are well. It halts, and"
            + " takes the bundle back, when hosts with it fare worse than hosts without."
      })
  static final class Group extends CommandGroup {
    Group(Session session) {
      super(
          session,
          "what to do with rollouts: list, show, prepare, start, halt, resume, rollback, end, kill,"
              + " revive or orders",
          "redoubt fleet rollouts --help");
    }
  }

  private static Cell stateCell(JsonNode rollout) {
    String state = rollout.path("state").asText();
    return switch (state) {
      case "running" -> Cell.of(state, Tone.GOOD);
      case "halted", "rolling-back" -> Cell.of(state, Tone.BAD);
      case "frozen" -> Cell.of(state, Tone.WARNING);
      default -> Cell.of(state);
    };
  }

  /// What a halt rests on, if it is not somebody's word.
  private static String evidence(JsonNode halt) {
    return halt.path("reason").asText().equals("bad-health")
        ? ", %s: %d hosts with it, %d without"
            .formatted(
                Printable.of(halt.path("symptom").asText()),
                halt.path("withUpdate").asLong(),
                halt.path("without").asLong())
        : "";
  }

  private static String bundle(JsonNode rollout) {
    return rollout.path("vendor").asText()
        + "/"
        + rollout.path("engine").asText()
        + "/"
        + rollout.path("name").asText()
        + " "
        + rollout.path("version").asLong();
  }

  /// One that tells of a rollout.
  abstract static class Telling extends FleetCommands.Asking {
    Telling(Session session) {
      super(session);
    }

    final int tell(JsonNode rollout) {
      if (wantsJson()) {
        terminal().json(rollout);
        return ExitCode.OK;
      }
      terminal()
          .line(Printable.of("rollout " + rollout.path("id").asInt() + "  " + bundle(rollout)));
      field("state", Printable.of(rollout.path("state").asText()));
      field(
          "channel",
          Printable.of(rollout.path("channel").asText())
              + ", soak "
              + rollout.path("soakSeconds").asInt()
              + " s");
      field(
          "prepared",
          local(rollout.path("prepared"))
              + " by "
              + Printable.of(rollout.path("preparedBy").asText()));
      if (rollout.has("exposed")) {
        field("ring", Printable.of(rollout.path("ringName").asText()));
        field(
            "hosts",
            "%d had a lease, %d of them are well with it, %d are there"
                .formatted(
                    rollout.path("exposed").asLong(),
                    rollout.path("confirmed").asLong(),
                    rollout.path("online").asLong()));
      }
      JsonNode halt = rollout.path("halt");
      if (halt.isObject()) {
        field("halted", Printable.of(halt.path("reason").asText()) + evidence(halt));
      }
      List<JsonNode> history = FleetCommands.oldestFirst(rollout.path("history"));
      history.forEach(entry ->
          terminal()
              .line(
                  Printable.of(
                      local(entry.path("time"))
                          + "  "
                          + entry.path("actor").asText()
                          + "  "
                          + entry.path("action").asText()
                          + "  "
                          + entry.path("detail").asText())));
      return ExitCode.OK;
    }
  }

  /// `redoubt fleet rollouts list`.
  @Command(
      name = "list",
      description = {"Show the rollouts, the newest first.", "", "Exit status 1 if there is none."})
  static final class ListAll extends FleetCommands.Asking {
    ListAll(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      JsonNode all = get("/rollouts").path("rollouts");
      if (wantsJson()) {
        terminal().json(all);
      } else if (all.isEmpty()) {
        terminal().line("none yet: redoubt fleet rollouts prepare");
      } else {
        Table table = new Table("NO", "STATE", "BUNDLE", "CHANNEL", "RING", "LEASES", "WELL");
        all.forEach(each ->
            table.add(
                Cell.of(each.path("id").asInt()),
                stateCell(each),
                Cell.of(bundle(each)),
                Cell.of(each.path("channel").asText()),
                Cell.of(each.has("ringName") ? each.path("ringName").asText() : "-"),
                Cell.of(each.has("exposed") ? each.path("exposed").asText() : "-"),
                Cell.of(each.has("confirmed") ? each.path("confirmed").asText() : "-")));
        table.print(terminal());
      }
      return all.isEmpty() ? ExitCode.NO : ExitCode.OK;
    }
  }

  /// `redoubt fleet rollouts show`.
  @Command(name = "show", description = "Show how one rollout stands.")
  static final class Show extends Telling {
    @Parameters(paramLabel = "NO", description = ID)
    private int id;

    Show(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      return tell(get("/rollouts/" + id));
    }
  }

  /// `redoubt fleet rollouts prepare`.
  @Command(
      name = "prepare",
      description = {
        "Prepare a rollout of a bundle; nothing is offered before it is started.",
        "",
        "Hosts fetch the bundle from the repositories that they trust, where it must be published;"
            + " of the file here only its manifest is read. Another owner starts it, if there is one."
      })
  static final class Prepare extends Telling {
    @Parameters(paramLabel = "BUNDLE", description = "The bundle, as it was published.")
    private Path file = Path.of("");

    @Option(
        names = "--channel",
        paramLabel = "CHANNEL",
        defaultValue = "standard",
        description =
            "How fast: emergency (45 minutes at the fastest), standard (2.5 hours) or careful (10"
                + " hours). Default: ${DEFAULT-VALUE}.")
    private String channel = "standard";

    @Option(
        names = "--soak-seconds",
        paramLabel = "N",
        defaultValue = "120",
        description =
            "How long a host runs it before it counts as well, 1 to 86400. Default: ${DEFAULT-VALUE}.")
    private int soakSeconds = 120;

    @Option(
        names = "--ring",
        paramLabel = RingOption.FORM,
        description =
            "A ring of your own instead of the channel's; in their order. Who: host:NAME+NAME,"
                + " label:NAME+NAME, share:5%% or everyone, of those that no earlier ring has. The next"
                + " opens after the soak (30m) and when so many are well.")
    private List<String> rings = new ArrayList<>();

    Prepare(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      requireRange("soak-seconds", soakSeconds, 1, 86_400);
      try {
        BundleManifest manifest = BundleFile.open(file).manifest();
        ObjectNode body =
            object()
                .put("vendor", manifest.vendor())
                .put("engine", manifest.engine().value())
                .put("name", manifest.name())
                .put("version", manifest.version())
                .put("sha256", FileDigest.of(file).toString())
                .put("channel", channel)
                .put("soakSeconds", soakSeconds);
        ArrayNode own = body.putArray("rings");
        rings.forEach(
            ring -> own.add(RingOption.parse(ring, host -> connection().hostId(session(), host))));
        return tell(ask("POST", "/rollouts", body));
      } catch (ContentException e) {
        throw new Problem(
            ExitCode.NO, "no bundle: file=" + file + " " + e.getMessage(), "name a bundle");
      } catch (IOException e) {
        throw new Problem(
            ExitCode.USAGE,
            "cannot be read: file=" + file + " error=" + PrivateFile.reasonOf(e),
            "name a file that this user can read");
      }
    }
  }

  /// One that orders something of a rollout.
  abstract static class Ordering extends Telling {
    @Parameters(paramLabel = "NO", description = ID)
    private int id;

    private final String word;

    Ordering(Session session, String word) {
      super(session);
      this.word = word;
    }

    @Override
    public final Integer call() {
      return tell(ask("POST", "/rollouts/" + id + "/" + word, object()));
    }
  }

  /// `redoubt fleet rollouts start`.
  @Command(name = "start", description = "Start it: rings are drawn, and the first hosts may.")
  static final class Start extends Ordering {
    Start(Session session) {
      super(session, "start");
    }
  }

  /// `redoubt fleet rollouts halt`.
  @Command(name = "halt", description = "Let no more hosts have it. Those that have it keep it.")
  static final class Halt extends Ordering {
    Halt(Session session) {
      super(session, "halt");
    }
  }

  /// `redoubt fleet rollouts resume`.
  @Command(
      name = "resume",
      description = "Go on after a halt: what spoke against the bundle is set aside.")
  static final class Resume extends Ordering {
    Resume(Session session) {
      super(session, "resume");
    }
  }

  /// `redoubt fleet rollouts rollback`.
  @Command(name = "rollback", description = "Halt, and take it back from every host that has it.")
  static final class RollBack extends Ordering {
    RollBack(Session session) {
      super(session, "rollback");
    }
  }

  /// `redoubt fleet rollouts end`.
  @Command(
      name = "end",
      description = "Put it aside: it is driven no more. Hosts that have it keep it.")
  static final class End extends Ordering {
    End(Session session) {
      super(session, "end");
    }
  }

  /// `redoubt fleet rollouts orders`.
  @Command(
      name = "orders",
      description = {
        "Show what holds for every rollout: vendors that are killed, hosts that are pinned.",
        "",
        "Exit status 1 if there is nothing."
      })
  static final class Orders extends FleetCommands.Asking {
    Orders(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      JsonNode all = get("/orders").path("orders");
      if (wantsJson()) {
        terminal().json(all);
      } else if (all.isEmpty()) {
        terminal().line("nothing");
      } else {
        Table table = new Table("WHAT", "OF");
        all.forEach(each ->
            table.add(Cell.of(each.path("what").asText()), Cell.of(each.path("subject").asText())));
        table.print(terminal());
      }
      return all.isEmpty() ? ExitCode.NO : ExitCode.OK;
    }
  }

  /// One that says of a host whether it is to stay as it is.
  abstract static class Pinning extends FleetCommands.Asking {
    @Parameters(paramLabel = "HOST", description = FleetCommands.HOST)
    private String host = "";

    private final String word;
    private final String done;

    Pinning(Session session, String word, String done) {
      super(session);
      this.word = word;
      this.done = done;
    }

    @Override
    public final Integer call() {
      JsonNode answer = ask("POST", connection().host(session(), host) + "/" + word, object());
      if (wantsJson()) {
        terminal().json(answer);
      } else {
        terminal().line(Printable.of(host) + done);
      }
      return ExitCode.OK;
    }
  }

  /// `redoubt fleet pin`.
  @Command(
      name = "pin",
      description = "Leave a host as it is: no rollout reaches it, and none takes anything back.")
  static final class Pin extends Pinning {
    Pin(Session session) {
      super(session, "pin", " stays as it is");
    }
  }

  /// `redoubt fleet unpin`.
  @Command(name = "unpin", description = "Let rollouts reach a host again.")
  static final class Unpin extends Pinning {
    Unpin(Session session) {
      super(session, "unpin", " takes part in rollouts");
    }
  }

  /// One that is about a vendor.
  abstract static class Vendor extends FleetCommands.Asking {
    @Parameters(paramLabel = "VENDOR", description = "Whose bundles.")
    private String vendor = "";

    private final String word;
    private final String done;

    Vendor(Session session, String word, String done) {
      super(session);
      this.word = word;
      this.done = done;
    }

    @Override
    public final Integer call() {
      JsonNode answer =
          ask("POST", "/vendors/" + FleetConnection.part(vendor) + "/" + word, object());
      if (wantsJson()) {
        terminal().json(answer);
      } else {
        terminal().line(done + Printable.of(vendor));
      }
      return ExitCode.OK;
    }
  }

  /// `redoubt fleet rollouts kill`.
  @Command(
      name = "kill",
      description = "Let nothing of a vendor be activated any more, whatever is rolled out.")
  static final class Kill extends Vendor {
    Kill(Session session) {
      super(session, "kill", "nothing is activated any more of ");
    }
  }

  /// `redoubt fleet rollouts revive`.
  @Command(
      name = "revive",
      description = "Lift the kill of a vendor; its rollouts stay halted until they are resumed.")
  static final class Revive extends Vendor {
    Revive(Session session) {
      super(session, "revive", "may be activated again, once it is resumed: all of ");
    }
  }
}
