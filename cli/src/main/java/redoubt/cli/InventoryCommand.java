package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import redoubt.cli.Table.Cell;
import redoubt.cli.inventory.Inventory;
import redoubt.cli.inventory.InventoryTable;
import redoubt.core.linux.KernelFile;

/// `redoubt inventory`.
@Command(
    name = "inventory",
    description = {
      "Show what there is on this host: its system, accounts, devices, processes, listening ports"
          + " and packages.",
      "",
      "Tables and columns have the names of osquery's schema. With --json each table is a line as"
          + " osquery writes a snapshot into its results log, so that what reads the one reads the"
          + " other.",
      "",
      "Works without an agent. What belongs to other users is seen by root only. The exit status is"
          + " 1 if a table could not be read."
    })
final class InventoryCommand extends Subcommand {
  /// As osquery writes a time for people: that of asctime(3), in UTC.
  private static final DateTimeFormatter CALENDAR =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  @Parameters(
      paramLabel = "TABLE",
      arity = "0..*",
      description = "The tables to show. Default: with --json all, else what tables there are.")
  private List<String> names = List.of();

  private final Inventory inventory = new Inventory(Path.of("/"));

  InventoryCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    List<InventoryTable> chosen = names.isEmpty() ? inventory.tables() : chosen();
    if (names.isEmpty() && !wantsJson()) {
      overview();
      return ExitCode.OK;
    }
    int status = ExitCode.OK;
    for (InventoryTable table : chosen) {
      try {
        List<List<String>> rows = table.rows();
        if (wantsJson()) {
          terminal().json(snapshot(table, rows, session().clock().instant()));
        } else {
          print(table, rows);
        }
      } catch (IOException e) {
        terminal().problem("cannot read " + table.name() + ": " + e.getMessage(), "");
        status = ExitCode.NO;
      }
    }
    return status;
  }

  private List<InventoryTable> chosen() {
    List<InventoryTable> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(
          inventory
              .table(name)
              .orElseThrow(() ->
                  new Problem(
                      ExitCode.USAGE,
                      "no such table: " + Printable.of(name),
                      "say one of "
                          + inventory.tables().stream()
                              .map(InventoryTable::name)
                              .collect(Collectors.joining(", ")))));
    }
    return chosen;
  }

  private void overview() {
    Table table = new Table("TABLE", "A ROW FOR");
    for (InventoryTable one : inventory.tables()) {
      table.add(Cell.of(one.name()), Cell.of(one.description()));
    }
    table.print(terminal());
  }

  private void print(InventoryTable table, List<List<String>> rows) {
    Table text =
        new Table(
            table.columns().stream()
                .map(column -> column.toUpperCase(Locale.ROOT))
                .toArray(String[]::new));
    for (List<String> row : rows) {
      text.add(row.stream().map(Cell::of).toArray(Cell[]::new));
    }
    text.print(terminal());
  }

  private static ObjectNode snapshot(InventoryTable table, List<List<String>> rows, Instant now) {
    ObjectNode line = object();
    ArrayNode all = line.putArray("snapshot");
    for (List<String> row : rows) {
      ObjectNode node = all.addObject();
      for (int column = 0; column < row.size(); column++) {
        node.put(table.columns().get(column), row.get(column));
      }
    }
    line.put("action", "snapshot");
    line.put("name", table.name());
    line.put("hostIdentifier", hostName());
    line.put("calendarTime", CALENDAR.format(now));
    line.put("unixTime", now.getEpochSecond());
    line.put("epoch", 0);
    line.put("counter", 0);
    line.put("numerics", false);
    return line;
  }

  private static String hostName() {
    try {
      return KernelFile.read("/proc/sys/kernel/hostname").strip();
    } catch (IOException _) {
      return "unknown";
    }
  }
}
