package redoubt.agent.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redoubt.agent.decision.Inquiries;
import redoubt.agent.decision.Inquiry;
import redoubt.agent.health.Counters;
import redoubt.agent.health.HandClock;
import redoubt.agent.registry.EngineRights;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireException;

/// A process beside the one that serves, both played by the test over real sockets.
class ShadowTest {
  private static final Duration SOFT = Seats.SOFT;
  private static final Set<EventClass> EXEC = Set.of(EventClass.EXEC);
  private static final Set<EventClass> EXITS = Set.of(EventClass.PROCESS_EXIT);
  private static final EngineRights RIGHTS =
      new EngineRights(EXEC, EXITS, true, Set.of(), Set.of(), Set.of());

  private final HandClock clock = new HandClock();
  private final Counters counters = new Counters();
  private final FarEnd serving = new FarEnd();
  private final FarEnd tried = new FarEnd();
  private final EngineConnection first = connection(serving);
  private final EngineConnection second = connection(tried);
  private final Terms terms = terms();
  private final EngineSeat seat = Seats.of(RIGHTS, _ -> {}, counters, (_, _, _) -> {}, clock);

  private EngineConnection connection(FarEnd engine) {
    return new EngineConnection(engine.near(), Events::withoutDescriptor, _ -> {}, counters, clock);
  }

  private static Terms terms() {
    return new Terms(
        new EngineMessage.Hello(1, 1, "x", "y", "1", "", EXEC, EXITS), null, EXEC, EXITS);
  }

  @BeforeEach
  void connect() {
    first.addCredits(64);
    second.addCredits(64);
    seat.ready(first, terms, 0, EXITS);
  }

  @AfterEach
  void hangUp() {
    serving.close();
    tried.close();
  }

  private Inquiry ask() {
    Inquiry inquiry = Inquiries.by(1_000, clock, seat);
    seat.ask(inquiry, 0);
    return inquiry;
  }

  private void answer(EngineConnection from, long id, Verdict verdict) {
    assertTrue(
        seat.verdict(
            from,
            terms,
            new EngineMessage.EventVerdict(id, verdict, VerdictScope.EVENT, 0, "", "r", "")));
  }

  @Test
  void itHearsTheSameAndHasNoVote() throws WireException {
    Shadow shadow = seat.shadow(second, terms);
    Inquiry inquiry = ask();
    AgentMessage.Event event = tried.takeEvents().getFirst();
    assertFalse(shadow.isIdle());
    answer(second, event.id(), Verdict.DENY);
    assertEquals("null", Inquiries.opinion(inquiry, 0), "its word is none");
    assertEquals(0, seat.figures().denied.get());
    answer(first, serving.takeEvents().getFirst().id(), Verdict.ALLOW);
    assertTrue(Inquiries.opinion(inquiry, 0).contains("ALLOW"));
    ShadowFigures figures = shadow.figures(1, 0, 0);
    assertEquals(1, figures.denied());
    assertEquals(Map.of(event.path(), "r"), figures.denials());
    assertTrue(shadow.isIdle());
  }

  @Test
  void whatIsLateIsKnown() throws WireException {
    Shadow shadow = seat.shadow(second, terms);
    ask();
    long id = tried.takeEvents().getFirst().id();
    clock.pass(SOFT.plusMillis(1));
    answer(second, id, Verdict.ALLOW);
    assertEquals(1, shadow.figures(1, 0, 0).late());
  }

  @Test
  void itGetsASample() throws WireException {
    Shadow shadow = seat.shadow(second, terms);
    for (int i = 0; i < 50; i++) {
      ask();
      for (AgentMessage.Event event : tried.takeEvents()) {
        answer(second, event.id(), Verdict.ALLOW);
      }
    }
    assertEquals(Shadow.QUESTIONS, shadow.figures(1, 0, 0).answered());
    clock.pass(Duration.ofSeconds(1).plusNanos(1));
    ask();
    assertEquals(1, tried.takeEvents().size());
  }

  @Test
  void itIsToldOnlyWhatItMayHearOf() throws WireException {
    seat.shadow(second, terms);
    ProcessInfo process = ProcessInfo.UNKNOWN.forkedAs(7, 7);
    seat.tell(new FoldedEvent(new HostEvent.ProcessFork(1, process, ProcessInfo.UNKNOWN)));
    seat.tell(new FoldedEvent(new HostEvent.ProcessExit(1, process, 0)));
    seat.flush();
    List<HostEvent> told = tried.takeActivity().getFirst().events();
    assertEquals(1, told.size());
    assertEquals(EventClass.PROCESS_EXIT, told.getFirst().eventClass());
  }

  @Test
  void itHearsNoMoreOnceItRestsOrItsRightsChange() throws WireException {
    Shadow shadow = seat.shadow(second, terms);
    shadow.rest();
    ask();
    assertEquals(List.of(), tried.takeEvents());
    seat.shadow(second, terms);
    ask();
    assertEquals(1, tried.takeEvents().size());
    seat.changeRights(new EngineRights(EXEC, Set.of(), false, Set.of(), Set.of(), Set.of()));
    ask();
    assertEquals(List.of(), tried.takeEvents());
  }

  @Test
  void whatTakesOverVotes() throws WireException {
    seat.shadow(second, terms);
    ask();
    long before = tried.takeEvents().getFirst().id();
    seat.ready(second, terms, 0, EXITS);
    answer(second, before, Verdict.DENY);
    assertEquals(0, seat.figures().denied.get(), "it was asked without a vote");
    Inquiry inquiry = ask();
    answer(second, tried.takeEvents().getFirst().id(), Verdict.DENY);
    assertTrue(Inquiries.opinion(inquiry, 0).contains("DENY"));
    assertTrue(seat.isServedBy(second));
  }

  @Test
  void whatIsGoneDoesNotTakeOver() {
    seat.shadow(second, terms);
    seat.gone(second);
    seat.ready(second, terms, 0, EXITS);
    assertTrue(seat.isServedBy(first), "the one before serves on");
    assertNull(second.find(ask()));
  }
}
