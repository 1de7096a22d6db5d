package redoubt.engine.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redoubt.core.model.EventClass;
import redoubt.core.model.EventFilter;
import redoubt.core.model.Finding;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.ResponseAction;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireLimits;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ObserverTest {
  private static final HostFinding FINDING =
      new HostFinding(
          "rule-1",
          "Something happened",
          FindingLevel.LOW,
          List.of("T1059"),
          List.of(new Finding.Reason("Image", "/bin/x")),
          Set.of(ResponseAction.KILL_TREE, ResponseAction.COLLECT),
          2);

  @Test
  void whatIsFoundIsSaidBeforeTheEventsAreHandled() throws Exception {
    Engine engine =
        TestEngine.observing(events -> {
          assertEquals(2, events.lost());
          events.report(1, FINDING);
        });
    try (ScriptedAgent agent = ready(engine)) {
      agent.say(new AgentMessage.Activity(2, 10, events(3)));
      EngineMessage.Report report = agent.expect(EngineMessage.Report.class);
      assertEquals(11, report.hostEventId());
      assertEquals("rule-1", report.rule());
      assertEquals(FindingLevel.LOW, report.level());
      assertEquals(FINDING.techniques(), report.techniques());
      assertEquals(FINDING.reasons(), report.reasons());
      assertEquals(FINDING.wishes(), report.wishes());
      assertEquals(12, agent.expect(EngineMessage.Handled.class).throughId());
      assertEquals(EngineHost.ENDED, agent.hangUp());
    }
  }

  @Test
  void whatAnEngineNeedsIsSaidBeforeItIsReady() throws Exception {
    EventFilter filter = EventFilter.everything(List.of(EventClass.PROCESS_EXIT));
    Engine engine = TestEngine.observing(_ -> {}).needing(filter);
    try (ScriptedAgent agent = new ScriptedAgent(engine).welcome()) {
      assertEquals(
          new EngineMessage.Filter(false, filter.alternatives()),
          agent.expect(EngineMessage.Filter.class));
      agent.expect(EngineMessage.Ready.class);
    }
  }

  @Test
  void aFilterThatIsTooLargeIsLeftOut() throws Exception {
    EventFilter filter =
        new EventFilter(
            Collections.nCopies(
                WireLimits.FILTER_ALTERNATIVES + 1,
                new EventFilter.Alternative(EventClass.PROCESS_EXIT, List.of())));
    Engine engine = TestEngine.observing(_ -> {}).needing(filter);
    try (ScriptedAgent agent = new ScriptedAgent(engine).welcome()) {
      assertEquals(
          EventFilter.everything(List.of(EventClass.PROCESS_START)).alternatives(),
          agent.expect(EngineMessage.Filter.class).alternatives());
      agent.expect(EngineMessage.Ready.class);
    }
  }

  @Test
  void eventsAreHeardInOrder() throws Exception {
    List<Integer> heard = new ArrayList<>();
    Engine engine =
        TestEngine.observing(
            events -> events.all().forEach(event -> heard.add(event.process().pid())));
    try (ScriptedAgent agent = ready(engine)) {
      for (int i = 0; i < 20; i++) {
        agent.say(new AgentMessage.Activity(0, 1 + 3L * i, events(3)));
      }
      for (int i = 1; i <= 20; i++) {
        assertEquals(3L * i, agent.expect(EngineMessage.Handled.class).throughId());
      }
      assertEquals(60, heard.size());
      assertEquals(List.of(1, 2, 3, 1), heard.subList(0, 4));
    }
  }

  @Test
  void anEngineThatFailsGoesOnWithTheNextEvents() throws Exception {
    Engine engine =
        TestEngine.observing(events -> {
          if (events.all().size() == 1) {
            throw new IllegalStateException("a bug");
          }
          events.report(0, FINDING);
        });
    try (ScriptedAgent agent = ready(engine)) {
      agent.say(new AgentMessage.Activity(0, 1, events(1)));
      assertEquals(1, agent.expect(EngineMessage.Handled.class).throughId());
      agent.say(new AgentMessage.Activity(0, 2, events(2)));
      assertEquals(2, agent.expect(EngineMessage.Report.class).hostEventId());
      assertEquals(3, agent.expect(EngineMessage.Handled.class).throughId());
    }
  }

  @Test
  void judgingGoesOnMeanwhile() throws Exception {
    Engine engine =
        TestEngine.observing(_ -> {
          try {
            Thread.sleep(60_000);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
    try (ScriptedAgent agent = ready(engine)) {
      agent.say(new AgentMessage.Activity(0, 1, events(1)));
      agent.say(new AgentMessage.Events(0, List.of(ScriptedAgent.event(7))));
      assertEquals(7, agent.expectVerdict().eventId());
      agent.say(new AgentMessage.Ping(5));
      assertEquals(5, agent.expect(EngineMessage.Pong.class).nonce());
      assertEquals(EngineHost.ENDED, agent.hangUp());
    }
  }

  @Test
  void aFindingThatIsTooLongIsCut() throws Exception {
    HostFinding long1 =
        new HostFinding(
            "r".repeat(500),
            "t".repeat(500),
            FindingLevel.HIGH,
            IntStream.range(0, 99).mapToObj(i -> "T".repeat(99)).toList(),
            IntStream.range(0, 99)
                .mapToObj(i -> new Finding.Reason("f".repeat(999), "v".repeat(999)))
                .toList(),
            Set.of(),
            0);
    try (ScriptedAgent agent = ready(TestEngine.observing(events -> events.report(0, long1)))) {
      agent.say(new AgentMessage.Activity(0, 1, events(1)));
      EngineMessage.Report report = agent.expect(EngineMessage.Report.class);
      assertEquals(WireLimits.NAME_CHARS, report.rule().length());
      assertEquals(WireLimits.TECHNIQUES, report.techniques().size());
      assertEquals(WireLimits.REASONS, report.reasons().size());
      assertEquals(WireLimits.REASON_CHARS, report.reasons().getFirst().value().length());
    }
  }

  @Test
  void onlyEventsThatAreThereCanBeReported() throws Exception {
    Engine engine =
        TestEngine.observing(events ->
            assertThrows(
                IndexOutOfBoundsException.class,
                () -> events.report(events.all().size(), FINDING)));
    try (ScriptedAgent agent = ready(engine)) {
      agent.say(new AgentMessage.Activity(0, 1, events(1)));
      agent.expect(EngineMessage.Handled.class);
    }
  }

  private static ScriptedAgent ready(Engine engine) throws Exception {
    ScriptedAgent agent = new ScriptedAgent(engine).welcome();
    agent.expect(EngineMessage.Ready.class);
    return agent;
  }

  private static List<HostEvent> events(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(pid ->
            (HostEvent) new HostEvent.ProcessExit(1, ProcessInfo.UNKNOWN.forkedAs(pid, 1), 0))
        .toList();
  }
}
