package redoubt.agent.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.decision.Inquiries;
import redoubt.agent.decision.Inquiry;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.HandClock;
import redoubt.agent.hook.Operation;
import redoubt.core.linux.Descriptors;
import redoubt.core.model.EngineOpinion;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// The agent's end of a conversation over a real socket pair.
class EngineConnectionTest {
  private final HandClock clock = new HandClock();
  private final Counters counters = new Counters();
  private final List<Operation> released = new ArrayList<>();
  private final FarEnd engine = new FarEnd();
  private final EngineConnection connection =
      new EngineConnection(
          engine.near(), Events::withoutDescriptor, released::add, counters, clock);

  @AfterEach
  void hangUp() {
    engine.close();
  }

  @Test
  void nothingIsSentWithoutCredit() throws WireException {
    Inquiry inquiry = ask(0);
    assertEquals(List.of(), engine.takeEvents());
    connection.addCredits(1);
    assertEquals(1, engine.takeEvents().size());
    assertNotNull(connection.find(inquiry));
  }

  @Test
  void anAnswerGivesItsCreditBack() throws WireException {
    connection.addCredits(1);
    Inquiry first = ask(0);
    ask(0);
    AgentMessage.Event event = engine.takeEvents().getFirst();
    EngineConnection.Asked asked = connection.answered(event.id());
    assertNotNull(asked);
    assertEquals(first, asked.inquiry());
    assertEquals(1, engine.takeEvents().size(), "the next one goes out");
  }

  @Test
  void anAnswerToNothingIsNoAnswer() throws WireException {
    connection.addCredits(1);
    assertNull(connection.answered(99));
    ask(0);
    long id = engine.takeEvents().getFirst().id();
    assertNotNull(connection.answered(id));
    assertNull(connection.answered(id), "nor is a second one");
  }

  @Test
  void creditsHaveABound() {
    assertTrue(connection.addCredits(WireLimits.CREDITS));
    assertFalse(connection.addCredits(1));
  }

  @Test
  void keptFilesTakeUpCreditsUntilTheyAreClosed() throws WireException {
    connection.addCredits(20);

    assertTrue(connection.audit(() -> 16), "as many as are being closed just now");
    assertFalse(connection.keepsFiles());
    assertTrue(connection.audit(() -> 16 + 19));
    assertTrue(connection.keepsFiles());
    ask(0);
    ask(0);
    assertEquals(1, engine.takeEvents().size(), "one of twenty is left");
    assertTrue(connection.audit(() -> 0));
    assertEquals(1, engine.takeEvents().size(), "closed, they are credits again");
  }

  @Test
  void anEngineThatKeepsMoreThanAnyMayIsToldOf() {
    connection.addCredits(20);
    assertFalse(connection.audit(() -> 16 + 20), "no credit is left");
    connection.addCredits(1_000);
    assertTrue(connection.audit(() -> 16 + 256));
    assertFalse(connection.audit(() -> 16 + 257));
  }

  @Test
  void theFilesOfEventsThatItHasAreNotKept(@TempDir Path folder) throws Exception {
    int file = Descriptors.openPath(folder.toString());
    FarEnd other = new FarEnd();
    try {
      EngineConnection withFiles =
          new EngineConnection(
              other.near(), Events::withDescriptor, released::add, counters, clock);
      withFiles.addCredits(40);
      for (int i = 0; i < 30; i++) {
        assertNull(withFiles.ask(Inquiries.about(file, 0, clock), 0, true));
      }
      assertEquals(30, withFiles.passed());
      withFiles.audit(() -> 30 + 16);
      assertFalse(withFiles.keepsFiles());

      for (AgentMessage.Event event : other.takeEvents()) {
        withFiles.answered(event.id());
      }
      withFiles.audit(() -> 30);
      assertTrue(withFiles.keepsFiles(), "answered, and still there");
    } finally {
      other.close();
      Descriptors.close(file);
    }
  }

  @Test
  void oneUserGetsAQuarterOfTheCredits() throws WireException {
    connection.addCredits(16);
    for (int i = 0; i < 50; i++) {
      ask(1000);
    }
    assertEquals(4, engine.takeEvents().size());
    ask(1001);
    assertEquals(1001, engine.takeEvents().getFirst().uid(), "others are not behind them");
    ask(0);
    assertEquals(0, engine.takeEvents().getFirst().uid(), "nor is root");
  }

  @Test
  void aBlamedUserBeginsAnew() throws WireException {
    connection.addCredits(16);
    connection.throttle(1000);
    for (int i = 0; i < 10; i++) {
      ask(1000);
    }
    List<AgentMessage.Event> events = engine.takeEvents();
    assertEquals(1, events.size());
    connection.answered(events.getFirst().id());
    assertEquals(2, engine.takeEvents().size(), "a prompt answer makes the share grow");
    assertEquals(1, counters.value(Counter.ACTOR_THROTTLES));
  }

  @Test
  void aSlowAnswerHalvesAShare() throws WireException {
    connection.addCredits(64);
    for (int i = 0; i < 20; i++) {
      ask(1000);
    }
    List<AgentMessage.Event> events = engine.takeEvents();
    assertEquals(4, events.size());
    clock.pass(Duration.ofMillis(100));
    for (AgentMessage.Event event : events) {
      connection.answered(event.id());
    }
    assertEquals(2, engine.takeEvents().size(), "once, for all that were sent together");
  }

  @Test
  void aFullQueueSaysSoAndLetsGo() {
    for (int i = 0; i < 256; i++) {
      assertNull(connection.ask(inquiry(1000), 0, true));
    }
    assertEquals(
        EngineOpinion.Cause.ACTOR_THROTTLED, connection.ask(inquiry(1000), 0, true), "of one user");
    for (int i = 0; i < 1024 - 256; i++) {
      assertNull(connection.ask(inquiry(0), 0, true));
    }
    assertEquals(EngineOpinion.Cause.NO_CREDIT, connection.ask(inquiry(0), 0, true), "of all");
    assertEquals(2, released.size(), "what was refused is not held");
  }

  @Test
  void whatCannotBeToldIsCountedAndSaid() throws WireException {
    connection.tell(inquiry(0));
    connection.tell(inquiry(0));
    assertEquals(2, counters.value(Counter.NOTIFY_LOST));
    connection.addCredits(1);
    connection.tell(inquiry(0));
    assertEquals(1, engine.takeEvents().size());
  }

  @Test
  void aSocketThatTakesNoMoreIsNoError() throws WireException {
    connection.addCredits(WireLimits.CREDITS);
    int asked = 0;
    while (asked < 1500 && connection.ask(inquiry(0), 0, true) == null) {
      asked++;
    }
    int arrived = engine.takeEvents().size();
    assertTrue(arrived > 0 && arrived < asked, "arrived=" + arrived + " asked=" + asked);
    assertEquals(asked, connection.close().size(), "every event is with the engine or waits");
  }

  @Test
  void closingReturnsEveryEvent() {
    connection.addCredits(4);
    for (int i = 0; i < 10; i++) {
      ask(1000);
    }
    assertEquals(10, connection.close().size());
    assertEquals(EngineOpinion.Cause.GONE, connection.ask(inquiry(0), 0, true));
  }

  private Inquiry ask(int uid) {
    Inquiry inquiry = inquiry(uid);
    assertNull(connection.ask(inquiry, 0, true));
    return inquiry;
  }

  private Inquiry inquiry(int uid) {
    return Inquiries.by(uid, clock);
  }
}
