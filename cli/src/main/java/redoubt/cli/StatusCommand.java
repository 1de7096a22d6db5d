package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redoubt.cli.Table.Cell;
import redoubt.cli.Terminal.Tone;
import redoubt.core.wire.ControlReply;

/// `redoubt status`.
@Command(
    name = "status",
    description = "Show whether this host is protected, by which engines, and where.")
final class StatusCommand extends Subcommand {
  @Option(names = "--counters", description = "Show every counter too.")
  private boolean counters;

  StatusCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    ControlReply.Status status = session().agent().status();
    if (wantsJson()) {
      terminal().json(json(status));
    } else {
      print(status);
    }
    return ExitCode.OK;
  }

  private void print(ControlReply.Status status) {
    Terminal terminal = terminal();
    terminal.line(
        terminal.paint(toneOf(status.state()), Printable.of(status.state()))
            + "  "
            + Printable.of(status.stateReason()));
    terminal.line(
        "agent      pid "
            + status.pid()
            + ", up "
            + since(status.startedMillis())
            + ", version "
            + Printable.of(status.version()));
    RunningRelease.find(session().directories())
        .ifPresent(
            release -> terminal.line("home       " + Printable.of(release.home().toString())));
    terminal.line("protected  " + protectedSince(status));
    terminal.line(
        "policy     generation "
            + status.policyGeneration()
            + ", "
            + status.exceptions()
            + " exceptions, "
            + status.protectedFiles()
            + " protected files");
    terminal.line("journal    " + Printable.of(status.journalPath()));
    printSeal(status.seal());
    printFleet(status.fleet());
    printQuarantine(status.counters().getOrDefault("quarantine_files", 0L));
    printBlocked(status.counters());
    terminal.line("");
    EngineTable.print(status.engines(), terminal);
    terminal.line("");
    printCoverage(status);
    if (counters) {
      printCounters(status.counters());
    }
  }

  private void printSeal(ControlReply.Seal seal) {
    if (!seal.state().equals("none")) {
      Tone tone = seal.state().equals("whole") ? Tone.GOOD : Tone.BAD;
      terminal()
          .line(
              "seal       "
                  + terminal().paint(tone, Printable.of(seal.state()))
                  + ", "
                  + Printable.of(seal.detail()));
    }
  }

  private void printFleet(ControlReply.Fleet fleet) {
    if (!fleet.server().isEmpty()) {
      String how =
          fleet.connected()
              ? terminal().paint(Tone.GOOD, "connected")
              : terminal().paint(Tone.WARNING, "not connected")
                  + (fleet.problem().isEmpty() ? "" : ": " + Printable.of(fleet.problem()));
      String updates = fleet.ownUpdates() ? ", updates are its owner's" : "";
      terminal().line("fleet      " + Printable.of(fleet.server()) + ", " + how + updates);
    }
  }

  private void printQuarantine(long files) {
    if (files > 0) {
      terminal().line("quarantine " + files + (files == 1 ? " file" : " files"));
    }
  }

  private void printBlocked(Map<String, Long> values) {
    Long blocked = values.get("blocked_addresses");
    if (blocked != null) {
      terminal()
          .line(
              "blocked    "
                  + blocked
                  + " addresses and networks, "
                  + values.getOrDefault("blocked_packets_total", 0L)
                  + " packets refused");
    }
  }

  private static Tone toneOf(String state) {
    return switch (state) {
      case "enforcing" -> Tone.GOOD;
      case "degraded" -> Tone.BAD;
      default -> Tone.WARNING;
    };
  }

  private String protectedSince(ControlReply.Status status) {
    return status.protectedSinceMillis() == 0
        ? "not yet"
        : "since " + Times.local(status.protectedSinceMillis(), session().clock().getZone());
  }

  private String since(long startedMillis) {
    Instant started = Instant.ofEpochMilli(startedMillis);
    return Times.rough(Duration.between(started, session().clock().instant()));
  }

  private void printCoverage(ControlReply.Status status) {
    Table table = new Table("FILE SYSTEM", "TYPE", "COVERED", "DETAIL");
    for (ControlReply.Coverage coverage : status.coverage()) {
      table.add(
          Cell.of(coverage.mountPoint()),
          Cell.of(coverage.type()),
          coverage.covered() ? Cell.of("yes", Tone.GOOD) : Cell.of("no", Tone.WARNING),
          Cell.of(coverage.detail()));
    }
    table.print(terminal());
  }

  private void printCounters(Map<String, Long> values) {
    terminal().line("");
    Table table = new Table("COUNTER", "VALUE");
    new TreeMap<>(values).forEach((name, value) -> table.add(Cell.of(name), Cell.of(value)));
    table.print(terminal());
  }

  private static ObjectNode json(ControlReply.Status status) {
    ObjectNode node = object();
    node.put("version", status.version());
    node.put("pid", status.pid());
    node.put("supervisorPid", status.supervisorPid());
    node.put("startedMillis", status.startedMillis());
    node.put("protectedSinceMillis", status.protectedSinceMillis());
    node.put("state", status.state());
    node.put("stateReason", status.stateReason());
    node.put("policyGeneration", status.policyGeneration());
    node.put("exceptions", status.exceptions());
    node.put("protectedFiles", status.protectedFiles());
    node.put("journalPath", status.journalPath());
    node.putObject("seal")
        .put("state", status.seal().state())
        .put("detail", status.seal().detail())
        .put("needsPassphrase", status.seal().needsPassphrase());
    if (!status.fleet().server().isEmpty()) {
      node.putObject("fleet")
          .put("server", status.fleet().server())
          .put("host", status.fleet().host())
          .put("connected", status.fleet().connected())
          .put("problem", status.fleet().problem())
          .put("recordsWaiting", status.fleet().recordsWaiting())
          .put("recordsLost", status.fleet().recordsLost());
    }
    ArrayNode coverage = node.putArray("coverage");
    for (ControlReply.Coverage entry : status.coverage()) {
      coverage
          .addObject()
          .put("mountPoint", entry.mountPoint())
          .put("type", entry.type())
          .put("covered", entry.covered())
          .put("detail", entry.detail());
    }
    node.set("engines", EngineTable.json(status.engines()));
    ObjectNode counters = node.putObject("counters");
    new TreeMap<>(status.counters()).forEach((name, value) -> counters.put(name, value));
    return node;
  }
}
