package redoubt.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import redoubt.agent.journal.JournalLine;
import redoubt.agent.journal.JournalReader;
import redoubt.core.wire.ControlReply;

/// The engines of a host side by side, by the same measures, whoever made them: what they cost and
/// how they answer since the agent's start, and what they denied and found in the last days, less
/// what the owner says was no threat.
///
/// @param at when it was made
/// @param since when the agent started
/// @param days how far back the journal was read
/// @param rows one for each engine, by their ids
record Scorecard(Instant at, Instant since, int days, List<Row> rows) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final double MICROS_PER_SECOND = 1_000_000;

  /// One engine.
  ///
  /// @param engine as the agent tells it; all its counts are since the agent's start
  /// @param cpuPercent of one processor, since the agent's start
  /// @param said what it denied and found in the last days
  record Row(ControlReply.Engine engine, double cpuPercent, Said said) {}

  /// What an engine said in the last days.
  ///
  /// @param denied files that it would deny or denied
  /// @param found findings that it reported
  /// @param wrong how many of both the owner has marked
  record Said(long denied, long found, long wrong) {
    static final Said NOTHING = new Said(0, 0, 0);

    private Said plus(long deniedMore, long foundMore, long wrongMore) {
      return new Said(denied + deniedMore, found + foundMore, wrong + wrongMore);
    }
  }

  /// Makes it.
  ///
  /// @param status what the agent says
  /// @param journal what was written down
  /// @param marks what the owner says was no threat
  /// @param days how far back to read
  /// @throws IOException if the journal cannot be read
  static Scorecard of(
      ControlReply.Status status,
      JournalReader journal,
      List<Marks.Mark> marks,
      Instant now,
      int days)
      throws IOException {
    Map<String, Said> said = said(journal, marks, now.minus(Duration.ofDays(days)).toEpochMilli());
    double seconds = Math.max(1, now.toEpochMilli() - status.startedMillis()) / 1_000.0;
    List<Row> rows =
        status.engines().stream()
            .sorted(Comparator.comparing(ControlReply.Engine::id))
            .map(engine ->
                new Row(
                    engine,
                    engine.costs().cpuMicros() / MICROS_PER_SECOND / seconds * 100,
                    said.getOrDefault(engine.id(), Said.NOTHING)))
            .toList();
    return new Scorecard(now, Instant.ofEpochMilli(status.startedMillis()), days, rows);
  }

  private static Map<String, Said> said(
      JournalReader journal, List<Marks.Mark> marks, long fromMillis) throws IOException {
    Map<String, Said> said = new TreeMap<>();
    journal.newestFirst(line -> {
      if (line.timeMillis() < fromMillis) {
        return false;
      }
      switch (line.kind()) {
        case FINDING -> {
          String subject = line.path().isEmpty() ? line.image() : line.path();
          count(said, marks, line.engine(), line.rule(), subject, false);
        }
        case DECISION -> {
          if (!line.engine().isEmpty()) {
            objections(said, marks, line);
          }
        }
        case NOTICE -> {}
      }
      return true;
    });
    return said;
  }

  /// Several engines may have objected to the same.
  private static void objections(Map<String, Said> said, List<Marks.Mark> marks, JournalLine line) {
    try {
      for (JsonNode opinion : JSON.readTree(line.raw()).at("/unmapped/opinions")) {
        if (opinion.path("verdict").asText().equals("DENY")) {
          count(
              said,
              marks,
              opinion.path("engine").asText(),
              opinion.path("rule").asText(),
              line.path(),
              true);
        }
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a line of the journal is no JSON", e);
    }
  }

  private static void count(
      Map<String, Said> said,
      List<Marks.Mark> marks,
      String engine,
      String rule,
      String subject,
      boolean denied) {
    long wrong = marks.stream().anyMatch(mark -> mark.covers(engine, rule, subject)) ? 1 : 0;
    said.merge(
        engine,
        Said.NOTHING.plus(denied ? 1 : 0, denied ? 0 : 1, wrong),
        (before, one) -> before.plus(one.denied, one.found, one.wrong));
  }

  ObjectNode json() {
    ObjectNode node = Subcommand.object();
    node.put("at", at.toString());
    node.put("since", since.toString());
    node.put("days", days);
    ArrayNode engines = node.putArray("engines");
    for (Row row : rows) {
      ControlReply.Engine engine = row.engine();
      engines
          .addObject()
          .put("id", engine.id())
          .put("name", engine.name())
          .put("vendor", engine.vendor())
          .put("engineVersion", engine.engineVersion())
          .put("contentName", engine.contentName())
          .put("contentVersion", engine.contentVersion())
          .put("mode", EngineTable.wordOf(engine.mode()))
          .put("asked", engine.asked())
          .put("answered", engine.answered())
          .put("missed", engine.missed())
          .put("latencyP50Micros", engine.latencyP50Micros())
          .put("latencyP99Micros", engine.latencyP99Micros())
          .put("cpuMicros", engine.costs().cpuMicros())
          .put("cpuPercent", Math.round(row.cpuPercent() * 1_000) / 1_000.0)
          .put("residentBytes", engine.costs().residentBytes())
          .put("told", engine.costs().told())
          .put("dropped", engine.costs().dropped())
          .put("restarts", engine.restarts())
          .put("denied", row.said().denied())
          .put("found", row.said().found())
          .put("falsePositives", row.said().wrong());
    }
    return node;
  }
}
