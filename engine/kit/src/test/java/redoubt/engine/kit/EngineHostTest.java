package redoubt.engine.kit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redoubt.core.linux.Descriptors;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EventClass;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineMessage;
import redoubt.engine.kit.LoadResult.Problem;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EngineHostTest {
  private static final Engine ALLOWING = TestEngine.withoutContent(_ -> Judgement.allow());

  @Test
  void anEngineWithoutContentIsReadyAfterTheWelcome() throws Exception {
    try (ScriptedAgent agent = new ScriptedAgent(ALLOWING)) {
      assertEquals(64, agent.welcome().expect(EngineMessage.Ready.class).credits());
      agent.say(new AgentMessage.Events(0, List.of(ScriptedAgent.event(7))));
      EngineMessage.EventVerdict verdict = agent.expectVerdict();
      assertEquals(7, verdict.eventId());
      assertEquals(Verdict.ALLOW, verdict.verdict());
      assertEquals(EngineHost.ENDED, agent.hangUp());
    }
  }

  @Test
  void verdictsNameTheContentTheyWereJudgedWith() throws Exception {
    Engine engine =
        TestEngine.withContent(
            _ -> Judgement.deny(), content -> new LoadResult.Loaded(3, List.of()));
    try (ScriptedAgent agent = new ScriptedAgent(engine)) {
      load(agent.welcome(), "first", "x");
      assertEquals(3, agent.expect(EngineMessage.ContentLoaded.class).entries());
      agent.expect(EngineMessage.Ready.class);
      load(agent, "second", "y");
      assertEquals("second", agent.expect(EngineMessage.ContentLoaded.class).version());
      agent.say(new AgentMessage.Events(0, List.of(ScriptedAgent.event(1))));
      assertEquals("second", agent.expectVerdict().contentVersion());
    }
  }

  @Test
  void refusedContentLeavesTheOneBeforeItInForce() throws Exception {
    Engine engine =
        TestEngine.withContent(
            _ -> Judgement.deny(),
            content -> {
              if (text(content).equals("bad")) {
                return new LoadResult.Refused(List.of(new Problem("line 1", "bad")));
              }
              return new LoadResult.Loaded(1, List.of(new Problem("line 9", "odd")));
            });
    try (ScriptedAgent agent = new ScriptedAgent(engine)) {
      load(agent.welcome(), "v1", "good");
      agent.expect(EngineMessage.ContentLoaded.class);
      EngineMessage.Report report = agent.expect(EngineMessage.Report.class);
      assertEquals("line 9", report.rule());
      assertEquals("left out: odd", report.title());
      agent.expect(EngineMessage.Ready.class);
      load(agent, "v2", "bad");
      assertEquals(
          List.of("line 1: bad"), agent.expect(EngineMessage.ContentRefused.class).problems());
      agent.say(new AgentMessage.Events(0, List.of(ScriptedAgent.event(1))));
      assertEquals("v1", agent.expectVerdict().contentVersion());
    }
  }

  @Test
  void contentThatIsShorterThanSaidIsRefused() throws Exception {
    Engine engine =
        TestEngine.withContent(_ -> Judgement.allow(), _ -> new LoadResult.Loaded(1, List.of()));
    try (ScriptedAgent agent = new ScriptedAgent(engine).welcome()) {
      int descriptor = Descriptors.sealedMemory("kit-test-content", new byte[10]);
      agent.say(ScriptedAgent.content("short", 11), descriptor);
      Descriptors.close(descriptor);
      String problem = agent.expect(EngineMessage.ContentRefused.class).problems().getFirst();
      assertTrue(problem.contains("file ended"), problem);
    }
  }

  @Test
  void contentIsClosedWhenItIsReplacedAndNoJudgementNeedsIt() throws Exception {
    List<Content> loaded = new CopyOnWriteArrayList<>();
    Exchanger<String> judging = new Exchanger<>();
    Engine engine =
        TestEngine.withContent(
            _ -> {
              Content judgedWith = loaded.getFirst();
              meet(judging);
              meet(judging);
              return Judgement.abstain(text(judgedWith));
            },
            content -> {
              loaded.add(content);
              return new LoadResult.Loaded(1, List.of());
            });
    try (ScriptedAgent agent = new ScriptedAgent(engine).welcome()) {
      load(agent, "v1", "first");
      agent.expect(EngineMessage.ContentLoaded.class);
      agent.expect(EngineMessage.Ready.class);
      agent.say(new AgentMessage.Events(0, List.of(ScriptedAgent.event(1))));
      meet(judging);
      for (String version : List.of("v2", "v3")) {
        load(agent, version, version);
        agent.expect(EngineMessage.ContentLoaded.class);
      }
      assertEquals("first", text(loaded.get(0)));
      meet(judging);
      assertEquals("first", agent.expect(EngineMessage.Abstained.class).reason());
      assertThrows(IllegalStateException.class, () -> text(loaded.get(0)));
      assertThrows(IllegalStateException.class, () -> text(loaded.get(1)));
      assertEquals("v3", text(loaded.get(2)));
    }
  }

  /// As many scans as there may be are under way, and none gets on.
  @Test
  void whatProcessesWaitForDoesNotQueueBehindScans() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Engine engine =
        TestEngine.withoutContent(event -> {
          if (event.eventClass() == EventClass.SCAN) {
            await(release);
            return Judgement.deny();
          }
          return Judgement.allow();
        });
    try (ScriptedAgent agent = new ScriptedAgent(engine).welcome()) {
      int credits = agent.expect(EngineMessage.Ready.class).credits();
      for (int id = 1; id < credits; id++) {
        agent.say(new AgentMessage.Events(0, List.of(ScriptedAgent.scan(id))));
      }
      agent.say(new AgentMessage.Events(0, List.of(ScriptedAgent.event(credits))));
      assertEquals(credits, agent.expectVerdict().eventId());
      release.countDown();
      for (int id = 1; id < credits; id++) {
        assertEquals(Verdict.DENY, agent.expectVerdict().verdict());
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void meet(Exchanger<String> meeting) {
    try {
      meeting.exchange("");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void contentThatCannotBeReadIsRefused() throws Exception {
    Engine engine =
        TestEngine.withContent(
            _ -> Judgement.allow(),
            _ -> {
              throw new IOException("broken");
            });
    try (ScriptedAgent agent = new ScriptedAgent(engine)) {
      load(agent.welcome(), "v1", "x");
      String problem = agent.expect(EngineMessage.ContentRefused.class).problems().getFirst();
      assertTrue(problem.contains("broken"), problem);
    }
  }

  @Test
  void filesAreReadThroughTheDescriptorWhichIsClosedAfterwards() throws Exception {
    Engine engine =
        TestEngine.withoutContent(event -> {
          FileContent content = event.content().orElseThrow();
          byte[] bytes = content.stream(Long.MAX_VALUE).readAllBytes();
          byte[] start = content.stream(3).readAllBytes();
          return Judgement.deny()
              .cached(VerdictScope.FILE, Duration.ofDays(1))
              .matching(new String(start, UTF_8))
              .because(new String(bytes, UTF_8));
        });
    try (ScriptedAgent agent = new ScriptedAgent(engine)) {
      agent.welcome().expect(EngineMessage.Ready.class);
      int descriptor = Descriptors.sealedMemory("kit-test-closed", "evil".getBytes(UTF_8));
      agent.say(
          new AgentMessage.Events(0, List.of(ScriptedAgent.event(1, true, true, 4))), descriptor);
      Descriptors.close(descriptor);
      EngineMessage.EventVerdict verdict = agent.expectVerdict();
      assertEquals("evil", verdict.reason());
      assertEquals("evi", verdict.rule());
      assertEquals(VerdictScope.FILE, verdict.scope());
      assertEquals(86_400, verdict.lifetimeSeconds());
      assertFalse(isOpen("kit-test-closed"));
    }
  }

  @Test
  void aVerdictOnAnUnstableFileIsForTheEventOnly() throws Exception {
    Engine engine =
        TestEngine.withoutContent(
            _ -> Judgement.deny().cached(VerdictScope.FILE, Duration.ofHours(1)));
    try (ScriptedAgent agent = new ScriptedAgent(engine)) {
      agent.welcome().expect(EngineMessage.Ready.class);
      agent.say(new AgentMessage.Events(0, List.of(ScriptedAgent.event(1, false, false, 0))));
      assertEquals(VerdictScope.EVENT, agent.expectVerdict().scope());
    }
  }

  @Test
  void anEngineThatFailsAbstains() throws Exception {
    Engine engine =
        TestEngine.withoutContent(_ -> {
          throw new UncheckedIOException(new IOException("no"));
        });
    try (ScriptedAgent agent = new ScriptedAgent(engine)) {
      agent.welcome().expect(EngineMessage.Ready.class);
      agent.say(new AgentMessage.Events(0, List.of(ScriptedAgent.event(5))));
      assertEquals(List.of(5L), agent.expect(EngineMessage.Abstained.class).eventIds());
    }
  }

  @Test
  void theEngineIsShownFourFifthsOfTheBudget() throws Exception {
    Engine engine =
        TestEngine.withoutContent(event -> Judgement.abstain("" + event.remaining().toMillis()));
    try (ScriptedAgent agent = new ScriptedAgent(engine)) {
      agent.welcome().expect(EngineMessage.Ready.class);
      agent.say(new AgentMessage.Events(0, List.of(ScriptedAgent.event(1))));
      long millis = Long.parseLong(agent.expect(EngineMessage.Abstained.class).reason());
      assertTrue(millis <= 800, "remaining=" + millis);
    }
  }

  @Test
  void pingsAreAnsweredWhileEventsAreJudged() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    Engine engine =
        TestEngine.withoutContent(_ -> {
          try {
            answered.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return Judgement.allow();
        });
    try (ScriptedAgent agent = new ScriptedAgent(engine)) {
      agent.welcome().expect(EngineMessage.Ready.class);
      agent.say(new AgentMessage.Events(0, List.of(ScriptedAgent.event(1))));
      agent.say(new AgentMessage.Ping(99));
      assertEquals(99, agent.expect(EngineMessage.Pong.class).nonce());
      answered.countDown();
      agent.expectVerdict();
    }
  }

  @Test
  void aRefusalEndsTheEngineWithItsOwnStatus() throws Exception {
    try (ScriptedAgent agent = new ScriptedAgent(ALLOWING)) {
      agent.expect(EngineMessage.Hello.class);
      agent.say(new AgentMessage.Refused("version", "speak 2"));
      assertEquals(EngineHost.REFUSED, agent.status());
    }
  }

  @Test
  void aShutdownEndsTheEngine() throws Exception {
    try (ScriptedAgent agent = new ScriptedAgent(ALLOWING)) {
      agent.welcome().expect(EngineMessage.Ready.class);
      agent.say(new AgentMessage.Shutdown("test", 100));
      assertEquals(EngineHost.ENDED, agent.status());
    }
  }

  @Test
  void aLostMessageIsAViolation() throws Exception {
    try (ScriptedAgent agent = new ScriptedAgent(ALLOWING)) {
      agent.welcome().sayAs(3, new AgentMessage.Ping(1));
      assertEquals(EngineHost.VIOLATION, agent.status());
    }
  }

  @Test
  void aPingBeforeTheWelcomeIsAViolation() throws Exception {
    try (ScriptedAgent agent = new ScriptedAgent(ALLOWING)) {
      agent.expect(EngineMessage.Hello.class);
      agent.say(new AgentMessage.Ping(1));
      assertEquals(EngineHost.VIOLATION, agent.status());
    }
  }

  @Test
  void anythingBeforeTheWelcomeIsAViolation() throws Exception {
    try (ScriptedAgent agent = new ScriptedAgent(ALLOWING)) {
      agent.say(new AgentMessage.ModeChanged(EngineMode.MONITOR));
      assertEquals(EngineHost.VIOLATION, agent.status());
    }
  }

  @Test
  void anEventWithoutCreditIsAViolation() throws Exception {
    Engine engine =
        TestEngine.withContent(_ -> Judgement.allow(), _ -> new LoadResult.Loaded(1, List.of()));
    try (ScriptedAgent agent = new ScriptedAgent(engine)) {
      agent.welcome().say(new AgentMessage.Events(0, List.of(ScriptedAgent.event(1))));
      assertEquals(EngineHost.VIOLATION, agent.status());
    }
  }

  @Test
  void aMissingDescriptorIsAViolation() throws Exception {
    try (ScriptedAgent agent = new ScriptedAgent(ALLOWING)) {
      agent.welcome().expect(EngineMessage.Ready.class);
      agent.say(new AgentMessage.Events(0, List.of(ScriptedAgent.event(1, true, true, 1))));
      assertEquals(EngineHost.VIOLATION, agent.status());
    }
  }

  @Test
  void aDescriptorThatBelongsToNothingIsAViolationAndIsClosed() throws Exception {
    try (ScriptedAgent agent = new ScriptedAgent(ALLOWING)) {
      agent.welcome().expect(EngineMessage.Ready.class);
      int descriptor = Descriptors.sealedMemory("kit-test-stray", new byte[1]);
      agent.say(new AgentMessage.Ping(1), descriptor);
      Descriptors.close(descriptor);
      assertEquals(EngineHost.VIOLATION, agent.status());
      assertFalse(isOpen("kit-test-stray"));
    }
  }

  private static void load(ScriptedAgent agent, String version, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    int descriptor = Descriptors.sealedMemory("kit-test-content", bytes);
    agent.say(ScriptedAgent.content(version, bytes.length), descriptor);
    Descriptors.close(descriptor);
  }

  private static String text(Content content) throws IOException {
    FileContent bytes = content.bytes();
    return new String(bytes.readExactly((int) bytes.sizeBytes(), 0), UTF_8);
  }

  /// Whether this process has a descriptor of the memory of that name.
  private static boolean isOpen(String name) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.anyMatch(each -> Descriptors.readLink(each.toString()).contains(name));
    }
  }
}
