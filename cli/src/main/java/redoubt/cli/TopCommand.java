package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redoubt.cli.Table.Cell;
import redoubt.cli.Terminal.Tone;
import redoubt.core.wire.ControlReply;

/// `redoubt top`.
@Command(
    name = "top",
    description = {
      "Show who slows this host: what agent and engines use, and which programs and files waited"
          + " longest for their verdicts.",
      "",
      "On a terminal it goes on until it is interrupted; elsewhere it shows the state once. With"
          + " --json, each look is one line."
    })
final class TopCommand extends Subcommand {
  private static final int MOST_SECONDS = 3600;
  private static final int MOST_ROWS = 50;
  private static final int MOST_LOOKS = 1_000_000;

  @Option(
      names = {"-i", "--interval"},
      paramLabel = "SECONDS",
      defaultValue = "2",
      description = "The time between two looks, 1 to 3600. Default: ${DEFAULT-VALUE}.")
  private int seconds = 2;

  @Option(
      names = {"-n", "--looks"},
      paramLabel = "N",
      description = "How many looks to take. Default: 1, on a terminal no limit.")
  private @Nullable Integer looks;

  @Option(
      names = {"-r", "--rows"},
      paramLabel = "N",
      defaultValue = "8",
      description = "How many programs and files to show, 0 to 50. Default: ${DEFAULT-VALUE}.")
  private int rows = 8;

  TopCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    requireRange("interval", seconds, 1, MOST_SECONDS);
    requireRange("rows", rows, 0, MOST_ROWS);
    int most = looks == null ? (terminal().colours() ? MOST_LOOKS : 1) : looks;
    requireRange("looks", most, 1, MOST_LOOKS);
    try {
      look(most);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.OK;
  }

  /// The first look compares with the start of the agent, each other with the one before.
  private void look(int most) throws InterruptedException {
    Load before = null;
    for (int i = 0; i < most && !terminal().isReaderGone(); i++) {
      if (i > 0) {
        Thread.sleep(Duration.ofSeconds(seconds));
      }
      ControlReply.Status status = session().agent().status();
      ControlReply.HotSpots spots = session().agent().hotSpots();
      Load now = Load.of(status, System.nanoTime(), session().clock().millis());
      Load since = before == null ? now.atStart() : before;
      if (wantsJson()) {
        terminal().json(json(status, spots, now, since));
      } else {
        show(status, spots, now, since, most > 1);
      }
      before = now;
    }
  }

  private void show(
      ControlReply.Status status,
      ControlReply.HotSpots spots,
      Load now,
      Load since,
      boolean goesOn) {
    Terminal terminal = terminal();
    if (goesOn) {
      terminal.clear();
    }
    terminal.line(
        terminal.paint(Tone.TITLE, "redoubt top")
            + "  "
            + Printable.of(status.state())
            + ", "
            + perSecond(now.decided() - since.decided(), now, since)
            + " decisions/s, "
            + (now.denied() - since.denied())
            + " denied");
    terminal.line("");
    printCosts(status, now, since);
    printSpots("PROGRAM", spots.seconds(), spots.programs());
    printSpots("FILE", spots.seconds(), spots.files());
  }

  private void printCosts(ControlReply.Status status, Load now, Load since) {
    Table table =
        new Table(
            "WHO",
            "STATE",
            "CPU %",
            "MEMORY",
            "PROCESSES",
            "ASKED/S",
            "DENIED",
            "MISSED",
            "DROPPED",
            "P50",
            "P99");
    table.add(
        Cell.of("agent"),
        Cell.of(status.state()),
        Cell.of(percent(now.agentCpuMicros() - since.agentCpuMicros(), now, since)),
        Cell.of(mebibytes(now.agentBytes())),
        Cell.of(1),
        Cell.of(""),
        Cell.of(""),
        Cell.of(""),
        Cell.of(""),
        Cell.of(""),
        Cell.of(""));
    for (ControlReply.Engine engine : status.engines()) {
      ControlReply.Costs costs = engine.costs();
      table.add(
          Cell.of(engine.id()),
          EngineTable.state(engine),
          Cell.of(percent(costs.cpuMicros() - since.cpuMicros(engine.id()), now, since)),
          Cell.of(mebibytes(costs.residentBytes())),
          Cell.of(costs.processes()),
          Cell.of(perSecond(engine.asked() - since.asked(engine.id()), now, since)),
          Cell.of(engine.denied()),
          Cell.of(engine.missed()),
          Cell.of(costs.dropped()),
          EngineTable.latency(engine, engine.latencyP50Micros()),
          EngineTable.latency(engine, engine.latencyP99Micros()));
    }
    table.print(terminal());
  }

  private void printSpots(String title, int reach, List<ControlReply.Spot> spots) {
    if (rows == 0) {
      return;
    }
    terminal().line("");
    terminal()
        .line(
            terminal()
                .paint(
                    Tone.TITLE, "waited longest in the last " + reach + " s, by " + lower(title)));
    if (spots.isEmpty()) {
      terminal().line("nothing waited");
      return;
    }
    Table table = new Table("WAITED", "OPERATIONS", "DENIED", title);
    for (ControlReply.Spot spot : spots.subList(0, Math.min(rows, spots.size()))) {
      table.add(
          Cell.of(Times.micros(spot.waitedMicros())),
          Cell.of(spot.operations()),
          Cell.of(spot.denied()),
          Cell.of(spot.name().isEmpty() ? "(not known)" : spot.name()));
    }
    table.print(terminal());
  }

  private static String lower(String title) {
    return title.toLowerCase(Locale.ROOT);
  }

  private ObjectNode json(
      ControlReply.Status status, ControlReply.HotSpots spots, Load now, Load since) {
    ObjectNode node = object();
    node.put("timeMillis", session().clock().millis());
    node.put("intervalMillis", (now.nanos() - since.nanos()) / 1_000_000);
    node.put("decided", now.decided() - since.decided());
    node.put("denied", now.denied() - since.denied());
    ObjectNode agent = node.putObject("agent");
    agent.put("state", status.state());
    agent.put("cpuMicros", now.agentCpuMicros() - since.agentCpuMicros());
    agent.put("residentBytes", now.agentBytes());
    node.set("engines", EngineTable.json(status.engines()));
    ObjectNode hot = node.putObject("hotSpots");
    hot.put("seconds", spots.seconds());
    addSpots(hot.putArray("programs"), spots.programs());
    addSpots(hot.putArray("files"), spots.files());
    return node;
  }

  private void addSpots(ArrayNode array, List<ControlReply.Spot> spots) {
    for (ControlReply.Spot spot : spots.subList(0, Math.min(rows, spots.size()))) {
      array
          .addObject()
          .put("name", spot.name())
          .put("operations", spot.operations())
          .put("waitedMicros", spot.waitedMicros())
          .put("denied", spot.denied());
    }
  }

  private static String percent(long cpuMicros, Load now, Load since) {
    return rate(100.0 * cpuMicros * 1_000, now, since);
  }

  private static String perSecond(long count, Load now, Load since) {
    return rate(count * 1e9, now, since);
  }

  private static String rate(double amount, Load now, Load since) {
    double nanos = Math.max(1, now.nanos() - since.nanos());
    return String.format(Locale.ROOT, "%.1f", Math.max(0, amount / nanos));
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }
}
