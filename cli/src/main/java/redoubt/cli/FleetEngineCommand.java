package redoubt.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import picocli.CommandLine.Command;
import redoubt.cli.Table.Cell;

/// `redoubt fleet engines`: what the engines of the fleet cost and found, side by side.
@Command(
    name = "engines",
    description = {
      "Compare the engines of the hosts that are there: what they cost and what they found.",
      "",
      "Since each host's agent began. Costs are those of the host in the middle, and of the one where"
          + " they are most. Exit status 1 if no host has told of any."
    })
final class FleetEngineCommand extends FleetCommands.Asking {
  private static final double MICROS_PER_MILLI = 1_000;

  FleetEngineCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    JsonNode engines = get("/engines").path("engines");
    if (wantsJson()) {
      terminal().json(engines);
    } else if (engines.isEmpty()) {
      terminal().line("no host that is there has told of its engines yet");
    } else {
      print(engines);
    }
    return engines.isEmpty() ? ExitCode.NO : ExitCode.OK;
  }

  private void print(JsonNode engines) {
    Table table =
        new Table(
            "ENGINE",
            "VERSION",
            "HOSTS",
            "CPU %",
            "MIB",
            "P99 MS",
            "ASKED",
            "DENIED",
            "FOUND",
            "LATE",
            "RESTARTS");
    for (JsonNode engine : engines) {
      table.add(
          Cell.of(engine.path("engine").asText()),
          Cell.of(engine.path("version").asText()),
          Cell.of(engine.path("hosts").asInt()),
          cost(engine.path("cpuPercent"), 1, 2),
          cost(engine.path("memoryMiB"), 1, 0),
          cost(engine.path("p99Micros"), MICROS_PER_MILLI, 2),
          Cell.of(engine.path("asked").asText()),
          Cell.of(engine.path("denied").asText()),
          Cell.of(engine.path("found").asText()),
          Cell.of(engine.path("missed").asText()),
          Cell.of(engine.path("restarts").asText()));
    }
    table.print(terminal());
  }

  private static Cell cost(JsonNode cost, double unit, int digits) {
    double median = cost.path("median").asDouble() / unit;
    double most = cost.path("most").asDouble() / unit;
    String form = "%." + digits + "f";
    String text = String.format(Locale.ROOT, form, median);
    return Cell.of(
        most > median ? text + " (" + String.format(Locale.ROOT, form, most) + ")" : text);
  }
}
