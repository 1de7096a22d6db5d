package redoubt.agent.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redoubt.agent.decision.Inquiries;
import redoubt.agent.decision.Inquiry;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.HandClock;
import redoubt.agent.hook.Operation;
import redoubt.agent.registry.EngineRights;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireException;

/// An engine's place, with a real socket to an engine that the test plays.
class EngineSeatTest {
  private static final Duration SOFT = Seats.SOFT;
  private static final EngineRights RIGHTS =
      new EngineRights(Set.of(EventClass.EXEC), Set.of(), true, Set.of(), Set.of(), Set.of());

  private final HandClock clock = new HandClock();
  private final Counters counters = new Counters();
  private final List<Operation> released = new ArrayList<>();
  private final List<PlatformNotice.Kind> notices = new ArrayList<>();
  private final FarEnd engine = new FarEnd();
  private final EngineConnection connection =
      new EngineConnection(
          engine.near(), Events::withoutDescriptor, released::add, counters, clock);
  private final Terms terms = terms("1");
  private final EngineSeat seat =
      Seats.of(RIGHTS, released::add, counters, (kind, _, _) -> notices.add(kind), clock);

  @BeforeEach
  void connect() {
    connection.addCredits(64);
    seat.ready(connection, terms, 0, Set.of());
  }

  @AfterEach
  void hangUp() {
    engine.close();
  }

  @Test
  void anEngineThatAnswersNothingIsDemoted() {
    for (int i = 0; i < EngineConduct.MISSES; i++) {
      assertFalse(seat.demoted());
      missOne(1000);
    }
    assertTrue(seat.demoted());
    assertEquals(List.of(PlatformNotice.Kind.ENGINE_DEMOTED), notices);
    assertEquals(1, counters.value(Counter.ENGINE_DEMOTIONS));
    Inquiry inquiry = ask(1000);
    assertTrue(Inquiries.opinion(inquiry, 0).contains("DEMOTED"), "nobody waits for it any more");
  }

  /// One user asks far more than the engine can do. The engine works all the time, so the user is
  /// throttled and the engine keeps its place.
  @Test
  void aFloodThrottlesItsActorAndDemotesNobody() throws WireException {
    for (int round = 0; round < 20; round++) {
      List<Inquiry> flood = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        flood.add(ask(1000));
      }
      clock.pass(SOFT.dividedBy(2));
      List<AgentMessage.Event> arrived = engine.takeEvents();
      answer(arrived.removeFirst());
      clock.pass(SOFT.dividedBy(2));
      flood.stream().skip(1).forEach(seat::missed);
      arrived.forEach(this::answer);
      answerAll();
    }
    assertFalse(seat.demoted());
    assertTrue(counters.value(Counter.ACTOR_THROTTLES) > 0);
    Inquiry other = ask(1001);
    answerAll();
    assertTrue(Inquiries.opinion(other, 0).contains("Answered"), "others are served as ever");
  }

  @Test
  void aDemotedEngineComesBackByAnswering() throws WireException {
    for (int i = 0; i < EngineConduct.MISSES; i++) {
      missOne(1000);
    }
    engine.takeEvents();
    clock.pass(Duration.ofNanos(EngineConduct.SHORTEST_NANOS));
    for (int i = 0; i < EngineConduct.TIMELY_ANSWERS; i++) {
      ask(0);
      answerAll();
    }
    assertFalse(seat.demoted());
    assertEquals(
        List.of(PlatformNotice.Kind.ENGINE_DEMOTED, PlatformNotice.Kind.ENGINE_RECOVERED), notices);
  }

  @Test
  void whatIsWithADyingEngineHasNoOpinion() {
    Inquiry sent = ask(0);
    seat.gone(connection);
    assertTrue(Inquiries.opinion(sent, 0).contains("GONE"));
    assertEquals(1, released.size());
    Inquiry next = ask(0);
    assertTrue(Inquiries.opinion(next, 0).contains(EngineOpinion.Cause.GONE.name()));
    assertTrue(seat.judges(EventClass.EXEC), "what it cannot judge now is missing, not unasked");
  }

  @Test
  void theSameEngineWithTheSameContentJudgesAlike() {
    long epoch = seat.epoch();
    connectAgain("1");
    assertEquals(epoch, seat.epoch());
    connectAgain("2");
    assertTrue(epoch != seat.epoch(), "another version's verdicts are its own");
  }

  @Test
  void otherContentBeginsWithoutTheDemotionOfTheOneBefore() {
    seat.ready(connection, termsWith("one"), 0, Set.of());
    for (int i = 0; i < EngineConduct.MISSES; i++) {
      missOne(1000);
    }
    assertTrue(seat.demoted());
    seat.ready(connection, termsWith("one"), 0, Set.of());
    assertTrue(seat.demoted(), "nobody escapes by starting again");
    seat.ready(connection, termsWith("two"), 0, Set.of());
    assertFalse(seat.demoted());
  }

  private static Terms termsWith(String content) {
    Set<EventClass> exec = Set.of(EventClass.EXEC);
    return new Terms(
        new EngineMessage.Hello(1, 1, "x", "y", "1", "", exec, exec),
        new EngineContent("x", "1", "", Sha256.ofText(content), 1, -1, Optional.empty()),
        exec,
        exec);
  }

  private void connectAgain(String version) {
    seat.gone(connection);
    seat.welcome(terms(version));
  }

  private static Terms terms(String version) {
    Set<EventClass> exec = Set.of(EventClass.EXEC);
    return new Terms(
        new EngineMessage.Hello(1, 1, "x", "y", version, "", exec, exec), null, exec, exec);
  }

  private void missOne(int uid) {
    Inquiry inquiry = ask(uid);
    clock.pass(SOFT);
    assertEquals(EngineOpinion.Cause.DEADLINE, seat.missed(inquiry));
  }

  private Inquiry ask(int uid) {
    Inquiry inquiry = Inquiries.by(uid, clock, seat);
    seat.ask(inquiry, 0);
    return inquiry;
  }

  /// Answers whatever has arrived, and what is sent for it, until nothing is left.
  private void answerAll() throws WireException {
    for (List<AgentMessage.Event> events = engine.takeEvents();
        !events.isEmpty();
        events = engine.takeEvents()) {
      events.forEach(this::answer);
    }
  }

  private void answer(AgentMessage.Event event) {
    EngineMessage.EventVerdict verdict =
        new EngineMessage.EventVerdict(
            event.id(), Verdict.ALLOW, VerdictScope.EVENT, 0, "", "", "");
    assertTrue(seat.verdict(connection, terms, verdict));
  }
}
