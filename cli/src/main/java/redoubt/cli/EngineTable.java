package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import redoubt.cli.Table.Cell;
import redoubt.cli.Terminal.Tone;
import redoubt.core.model.EngineMode;
import redoubt.core.wire.ControlReply;

/// Engines for people and for programs.
final class EngineTable {
  private EngineTable() {}

  static void print(List<ControlReply.Engine> engines, Terminal terminal) {
    if (engines.isEmpty()) {
      terminal.line(terminal.paint(Tone.WARNING, "no engine is registered: nothing is judged"));
      return;
    }
    Table table =
        new Table(
            "ENGINE", "MODE", "STATE", "CONTENT", "ENTRIES", "ASKED", "DENIED", "MISSED", "P50",
            "P99");
    for (ControlReply.Engine engine : engines) {
      table.add(
          Cell.of(engine.id()),
          Cell.of(modeOf(engine)),
          state(engine),
          Cell.of((engine.contentName() + " " + engine.contentVersion()).strip()),
          Cell.of(engine.contentEntries()),
          Cell.of(engine.asked()),
          Cell.of(engine.denied()),
          Cell.of(engine.missed()),
          latency(engine, engine.latencyP50Micros()),
          latency(engine, engine.latencyP99Micros()));
    }
    table.print(terminal);
  }

  static ArrayNode json(List<ControlReply.Engine> engines) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (ControlReply.Engine engine : engines) {
      ObjectNode node = array.addObject();
      engine.rightsAsked().forEach(node.putArray("rightsAsked")::add);
      engine.rightsGranted().forEach(node.putArray("rightsGranted")::add);
      node.put("id", engine.id())
          .put("name", engine.name())
          .put("vendor", engine.vendor())
          .put("engineVersion", engine.engineVersion())
          .put("mode", modeOf(engine))
          .put("state", engine.state())
          .put("pid", engine.pid())
          .put("uid", engine.uid())
          .put("restarts", engine.restarts())
          .put("contentName", engine.contentName())
          .put("contentVersion", engine.contentVersion())
          .put("contentTrust", engine.contentTrust())
          .put("contentEntries", engine.contentEntries())
          .put("asked", engine.asked())
          .put("answered", engine.answered())
          .put("missed", engine.missed())
          .put("denied", engine.denied())
          .put("refused", engine.refused())
          .put("found", engine.found())
          .put("latencyP50Micros", engine.latencyP50Micros())
          .put("latencyP99Micros", engine.latencyP99Micros())
          .put("release", engine.release() == null ? null : engine.release().toString())
          .putObject("costs")
          .put("cpuMicros", engine.costs().cpuMicros())
          .put("residentBytes", engine.costs().residentBytes())
          .put("processes", engine.costs().processes())
          .put("told", engine.costs().told())
          .put("dropped", engine.costs().dropped())
          .put("filtered", engine.costs().filtered());
    }
    return array;
  }

  static Cell state(ControlReply.Engine engine) {
    return Cell.of(engine.state(), engine.state().equals("ready") ? Tone.GOOD : Tone.WARNING);
  }

  static Cell latency(ControlReply.Engine engine, long micros) {
    return Cell.of(engine.answered() == 0 ? "-" : Times.micros(micros));
  }

  private static String modeOf(ControlReply.Engine engine) {
    return wordOf(engine.mode());
  }

  static String wordOf(EngineMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }
}
