package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redoubt.agent.journal.JournalLine;
import redoubt.testing.system.HostileEngine.Way;

/// Engines that break the protocol, each in its own way, all at once beside the scanner: each is
/// ended and on record, the scanner judges on, and nobody waits past a deadline.
class HostileProtocolTest {
  private static final Duration HARD_DEADLINE = Duration.ofSeconds(2);
  private static final int REPORTS_OF_ONE_WINDOW = 100;
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final int MOST_RUNS = 4;
  private static final int MOST_FILES = 2_000;

  /// Those that are ended at once, and the words for it.
  private static final Map<Way, String> ENDED =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(Way.GARBAGE, "broke the protocol"),
              Map.entry(Way.HUGE_FRAME, "broke the protocol"),
              Map.entry(Way.WRONG_SEQUENCE, "sequence gap"),
              Map.entry(Way.READY_FIRST, "first message must be a hello"),
              Map.entry(Way.SECOND_HELLO, "second hello"),
              Map.entry(Way.SECOND_READY, "ready twice"),
              Map.entry(Way.TOO_MANY_CREDITS, "too many credits"),
              Map.entry(Way.ANSWERS_TO_NOTHING, "never sent"),
              Map.entry(Way.PONG_FLOOD, "never sent"),
              Map.entry(Way.REPORT_FLOOD, "flood of reports"),
              Map.entry(Way.FILTER_FLOOD, "too many filters"),
              Map.entry(Way.CONTENT_FROM_NOWHERE, "not sent"),
              Map.entry(Way.SENDS_DESCRIPTOR, "sent a descriptor")));

  private static TestEngines engines;
  private static ScratchFileSystem scratch;
  private static RunningAgent agent;
  private static long beforeNanos;

  @BeforeAll
  static void start() throws Exception {
    engines = new TestEngines();
    scratch = ScratchFileSystem.ext4(32);
    beforeNanos = System.nanoTime();
    List<Object> options = new ArrayList<>();
    for (Way way : ENDED.keySet()) {
      options.add("--engine");
      options.add(engines.hostile(way));
    }
    agent = RunningAgent.startDegraded(scratch, options.toArray());
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    scratch.close();
    engines.close();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ANSWERS_TWICE", "ANSWERS_LATE", "KEEPS_FILES"})
  void whoeverBreaksTheProtocolIsEnded(Way way) throws Exception {
    int pid = agent.pid();
    String id = TestEngines.idOf(way);
    agent.awaitLine(
        way + agent.log(),
        line ->
            line.kind() == JournalLine.Kind.NOTICE
                && line.code().equals("ENGINE_GONE")
                && line.raw().contains("\"" + id + "\"")
                && line.message().contains(ENDED.getOrDefault(way, "?")));
    UsableHost.require(
        scratch.program(way + "-good", Specimen.SCRIPT.good()),
        scratch.program(way + "-bad", Specimen.SCRIPT.bad()),
        agent);
    assertEquals(pid, agent.pid(), "the agent was started again" + agent.log());
  }

  @Test
  void aFloodOfReportsDoesNotFillTheJournal() throws Exception {
    String id = TestEngines.idOf(Way.REPORT_FLOOD);
    agent.awaitLine(
        "end of the flood",
        line -> line.code().equals("ENGINE_SUSPENDED") && line.raw().contains("\"" + id + "\""));
    // On a slow machine a flood takes longer than one window.
    long windows = MOST_RUNS + (System.nanoTime() - beforeNanos) / WINDOW.toNanos();
    int findings = agent.journal(line -> line.kind() == JournalLine.Kind.FINDING).size();
    assertTrue(findings <= REPORTS_OF_ONE_WINDOW * windows, "findings=" + findings);
    assertTrue(agent.counter("reports_dropped_total") >= 10_000);
  }

  @Test
  void whoAnswersTwiceOrLateIsEndedOrNoLongerWaitedFor() throws Exception {
    try (ScratchFileSystem own = ScratchFileSystem.ext4(32);
        RunningAgent other =
            RunningAgent.start(
                own,
                "--engine",
                engines.hostile(Way.ANSWERS_TWICE),
                "--engine",
                engines.hostile(Way.ANSWERS_LATE))) {
      Path good = own.program("good", Specimen.SCRIPT.good());
      for (int i = 0; i < 150; i++) {
        Load.Tally once = Load.once(good);
        assertEquals(1, once.allowed(), once.toString());
        assertTrue(once.within(HARD_DEADLINE), once.toString());
      }
      other.awaitLine(
          "end of who answers twice",
          line ->
              line.code().equals("ENGINE_GONE")
                  && line.raw().contains("\"" + TestEngines.idOf(Way.ANSWERS_TWICE) + "\""));
      other.awaitLine(
          "demotion of who answers late",
          line ->
              line.code().equals("ENGINE_DEMOTED")
                  && line.raw().contains("\"" + TestEngines.idOf(Way.ANSWERS_LATE) + "\""));
      assertTrue(Outcome.of(own.program("bad", Specimen.SCRIPT.bad())).denied(), other.log());
    }
  }

  @Test
  void whoKeepsTheFilesOfEventsIsEnded() throws Exception {
    String id = TestEngines.idOf(Way.KEEPS_FILES);
    try (ScratchFileSystem own = ScratchFileSystem.ext4(32);
        RunningAgent other =
            RunningAgent.start(own, "--engine", engines.hostile(Way.KEEPS_FILES))) {
      boolean ended = false;
      for (int i = 0; i < MOST_FILES && !ended; i++) {
        Load.Tally once = Load.once(own.program("good-" + i, Specimen.SCRIPT.good()));
        assertEquals(1, once.allowed(), once.toString());
        assertTrue(once.within(HARD_DEADLINE), once.toString());
        ended =
            i % 50 == 49
                && !other
                    .journal(line ->
                        line.code().equals("ENGINE_VIOLATION")
                            && line.raw().contains("\"" + id + "\"")
                            && line.message().contains("kept the files of events"))
                    .isEmpty();
      }
      assertTrue(ended, other.log());
      other.awaitLine(
          "end of who keeps files",
          line -> line.code().equals("ENGINE_GONE") && line.raw().contains("\"" + id + "\""));
      assertTrue(Outcome.of(own.program("bad", Specimen.SCRIPT.bad())).denied(), other.log());
    }
  }
}
