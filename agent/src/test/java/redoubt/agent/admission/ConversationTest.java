package redoubt.agent.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redoubt.agent.admission.AdmissionReport.Step;
import redoubt.agent.registry.EngineLimits;
import redoubt.agent.registry.EngineManifest;
import redoubt.agent.registry.EngineRights;
import redoubt.agent.registry.EngineView;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.model.EngineId;
import redoubt.core.model.EventClass;
import redoubt.core.model.EventField;
import redoubt.core.model.EventFilter;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Octets;
import redoubt.core.model.Place;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.core.wire.BundleManifest.VersionRange;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.TestVector;
import redoubt.core.wire.WireLimits;

/// The engine's end of a real socket pair is played by the test: it says all at once what it is
/// going to say, and reads what it was told afterwards.
@Timeout(20)
class ConversationTest {
  private static final String SCHEMA = "ab".repeat(32);
  private static final byte[] CONTENT = {1, 2, 3};
  private static final EngineManifest ENGINE =
      new EngineManifest(
          new EngineId("any"),
          List.of("/any"),
          new EngineRights(
              Set.of(EventClass.EXEC),
              Set.of(EventClass.EXEC, EventClass.PROCESS_START),
              false,
              Set.of(),
              Set.of(),
              Set.of()),
          EngineManifest.ContentKind.OTHER,
          new EngineView(EngineView.Language.C, List.of(Path.of("/opt/any"))),
          EngineLimits.STANDARD,
          Optional.empty());
  private static final BundleManifest BUNDLE =
      new BundleManifest(
          "acme",
          new EngineId("any"),
          "rules",
          1,
          Instant.EPOCH,
          SCHEMA,
          new VersionRange("1.2", "1.4"),
          new Limits(1, 1, 16),
          List.of(),
          List.of());

  private final SeqPacketSocket[] ends = SeqPacketSocket.pair();
  private final Conversation conversation = new Conversation(ends[0], ENGINE, "1");
  private final ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, 1);
  private long said;

  @AfterEach
  void close() {
    conversation.close();
    ends[1].close();
    buffer.close();
  }

  private void say(EngineMessage... messages) {
    for (EngineMessage message : messages) {
      byte[] bytes = EngineCodec.encode(++said, message);
      assertTrue(ends[1].send(bytes, bytes.length, new int[0], 0, true) >= 0);
    }
  }

  private List<AgentMessage> heard() throws Exception {
    List<AgentMessage> heard = new ArrayList<>();
    while (ends[1].receiveNow(buffer) > 0) {
      buffer.closeDescriptors();
      heard.add(EngineCodec.decodeFromAgent(buffer.data()).message());
    }
    return heard;
  }

  private static EngineMessage.Hello hello(String version, String schema) {
    return new EngineMessage.Hello(
        1, 1, "any", "acme", version, schema, Set.of(), Set.of(EventClass.PROCESS_START));
  }

  private long load() throws IOException, RefusedException {
    int descriptor = Descriptors.sealedMemory("test", CONTENT);
    try {
      return conversation.load(
          conversation.awaitHello(),
          BUNDLE,
          new Conversation.Payload(
              new AgentMessage.LoadContent("rules", "1", Sha256.hash(CONTENT), CONTENT.length),
              descriptor));
    } finally {
      Descriptors.close(descriptor);
    }
  }

  private void begin(EngineMessage... more) throws IOException, RefusedException {
    say(hello("1.3", SCHEMA), new EngineMessage.ContentLoaded("1", 5));
    say(more);
    say(new EngineMessage.Ready(1));
    assertEquals(5, load());
  }

  private void assertLoadRefused(Step step, String text, EngineMessage... messages) {
    say(messages);
    RefusedException refused = assertThrows(RefusedException.class, this::load);
    assertEquals(step, refused.problem().step());
    assertTrue(refused.problem().text().contains(text), refused.problem().text());
  }

  private void assertRefused(String text, TestVector vector) {
    RefusedException refused = assertThrows(RefusedException.class, () -> conversation.put(vector));
    assertEquals(Step.VECTORS, refused.problem().step());
    assertTrue(refused.problem().text().contains(text), refused.problem().text());
  }

  private static HostEvent start(String image) {
    ProcessInfo process =
        new ProcessInfo(
            1,
            1,
            1,
            ProcessInfo.UNKNOWN.credentials(),
            0,
            "root",
            image,
            List.of(),
            false,
            "/",
            "");
    return new HostEvent.ProcessStart(1, process, ProcessInfo.UNKNOWN);
  }

  private static TestVector vector(String... images) {
    List<HostEvent> events = new ArrayList<>();
    for (String image : images) {
      events.add(start(image));
    }
    return TestVector.ofActivity("v", events, Set.of("r"), Set.of());
  }

  private static EngineMessage.Report report(String rule, long event) {
    return new EngineMessage.Report(
        0, rule, "found", null, List.of(), List.of(), event, Set.of(), 0);
  }

  @Test
  void theEngineIsGreetedAsAHostGreetsIt() throws Exception {
    begin();
    List<AgentMessage> heard = heard();
    assertEquals(2, heard.size());
    AgentMessage.Welcome welcome = (AgentMessage.Welcome) heard.getFirst();
    assertEquals("any", welcome.engineId());
    assertEquals(Set.of(), welcome.authClasses(), "it did not ask to judge");
    assertEquals(Set.of(EventClass.PROCESS_START), welcome.notifyClasses());
    assertTrue(heard.get(1) instanceof AgentMessage.LoadContent);
  }

  @Test
  void whatIsNotMeantForItIsNotLoaded() {
    assertLoadRefused(Step.ENGINE, "written for another schema", hello("1.3", "cd".repeat(32)));
  }

  @Test
  void newerThanTheNewestIsRefused() {
    assertLoadRefused(Step.ENGINE, "engine=1.4.1", hello("1.4.1", SCHEMA));
  }

  @Test
  void thatNeedsAVersionThatIsOne() {
    assertLoadRefused(Step.ENGINE, "engine=1.3-beta", hello("1.3-beta", SCHEMA));
  }

  @Test
  void whatTheEngineRefusesIsRefused() {
    assertLoadRefused(
        Step.LOAD,
        "line 3: no such field",
        hello("1.3", SCHEMA),
        new EngineMessage.ContentRefused("1", List.of("line 3: no such field")));
  }

  @Test
  void whatItLeavesOutIsRefused() {
    assertLoadRefused(
        Step.LOAD,
        "left out: rule x",
        hello("1.3", SCHEMA),
        new EngineMessage.ContentLoaded("1", 4),
        new EngineMessage.Report(0, "x", "rule x"));
  }

  @Test
  void readyWithoutContentIsRefused() {
    assertLoadRefused(Step.LOAD, "ready without", hello("1.3", SCHEMA), new EngineMessage.Ready(1));
  }

  @Test
  void aFirstMessageThatIsNoHelloIsRefused() {
    say(new EngineMessage.Ready(1));
    IOException problem = assertThrows(IOException.class, this::load);
    assertTrue(String.valueOf(problem.getMessage()).contains("no hello"), problem::toString);
  }

  @Test
  void itsReportsAreTaken() throws Exception {
    begin();
    say(report("r", 1), report("s", 2), report("r", 2), new EngineMessage.Handled(2));
    assertEquals(Set.of("r", "s"), conversation.put(vector("/a", "/b")).rules());
    say(new EngineMessage.Handled(3));
    assertEquals(Set.of(), conversation.put(vector("/a")).rules());
  }

  @Test
  void eventsThatItsFilterDoesNotNeedAreNotTold() throws Exception {
    EventFilter.Condition image =
        new EventFilter.Condition(
            EventField.IMAGE, List.of(new EventFilter.SoughtText(Place.ANYWHERE, "/needed")));
    begin(
        new EngineMessage.Filter(
            false, List.of(new EventFilter.Alternative(EventClass.PROCESS_START, List.of(image)))));
    heard();
    say(report("r", 1), new EngineMessage.Handled(1));
    assertEquals(Set.of("r"), conversation.put(vector("/a", "/needed", "/b")).rules());
    AgentMessage.Activity told = (AgentMessage.Activity) heard().getFirst();
    assertEquals(List.of(start("/needed")), told.events());
    assertEquals(Set.of(), conversation.put(vector("/a")).rules());
    assertEquals(List.of(), heard());
  }

  @Test
  void manyEventsGoInSeveralMessages() throws Exception {
    begin();
    heard();
    String[] images = new String[200];
    Arrays.setAll(images, i -> "/" + "a".repeat(1_000) + i);
    say(report("r", 200), new EngineMessage.Handled(150), new EngineMessage.Handled(200));
    assertEquals(Set.of("r"), conversation.put(vector(images)).rules());
    List<AgentMessage> told = heard();
    assertTrue(told.size() > 2, "messages=" + told.size());
    assertEquals(
        200, told.stream().mapToInt(each -> ((AgentMessage.Activity) each).events().size()).sum());
  }

  @Test
  void aReportOfAnotherEventIsRefused() throws Exception {
    begin();
    say(report("r", 2));
    assertRefused("a report of none of its events", vector("/a"));
  }

  @Test
  void aReportOfAnEventThatIsHandledIsRefused() throws Exception {
    begin();
    say(new EngineMessage.Handled(1), report("r", 1));
    assertRefused("a report of none of its events", vector("/a", "/b"));
  }

  @Test
  void aReportWithoutAnEventIsRefused() throws Exception {
    begin();
    say(new EngineMessage.Report(0, "r", "found"));
    assertRefused("a report of none of its events", vector("/a"));
  }

  @Test
  void handledWhatItDoesNotHaveIsRefused() throws Exception {
    begin();
    say(new EngineMessage.Handled(2));
    assertRefused("broke the protocol", vector("/a"));
  }

  @Test
  void classesThatItDoesNotObserveAreNoVector() throws Exception {
    begin();
    HostEvent exit = new HostEvent.ProcessExit(1, ProcessInfo.UNKNOWN, 0);
    assertRefused(
        "does not observe events of class PROCESS_EXIT",
        TestVector.ofActivity("v", List.of(exit), Set.of(), Set.of()));
  }

  @Test
  void aGapInItsMessagesIsRefused() throws Exception {
    begin();
    said++;
    say(new EngineMessage.Handled(1));
    assertRefused("left out a message", vector("/a"));
  }

  @Test
  void whatItSaysBehindTheLastVectorIsRefused() throws Exception {
    begin();
    say(report("r", 1), new EngineMessage.Handled(1));
    conversation.put(vector("/a"));
    say(report("r", 1), new EngineMessage.Pong(1));
    RefusedException refused = assertThrows(RefusedException.class, conversation::finish);
    assertTrue(refused.problem().text().contains("behind the last vector"));
  }

  @Test
  void whoAnswersTheLastPingIsDone() throws Exception {
    begin();
    say(new EngineMessage.Pong(1));
    conversation.finish();
  }

  @Test
  void filesThatItDoesNotJudgeAreNoVector() throws Exception {
    begin();
    AgentMessage.Event event =
        new AgentMessage.Event(
            1,
            EventClass.EXEC,
            true,
            1,
            null,
            1,
            1,
            1,
            0,
            0,
            0,
            1,
            "/a",
            new FileIdentity(1, 2, 3, 4, 5, 6),
            null,
            true,
            true);
    assertRefused(
        "does not judge events of class EXEC",
        TestVector.ofFile(
            "v",
            new TestVector.Question(event, Octets.of(CONTENT)),
            Verdict.ALLOW,
            Set.of(),
            Set.of()));
  }

  @Test
  void itsEndIsRefused() throws Exception {
    begin();
    ends[1].shutdown();
    assertRefused("ended", vector("/a"));
  }
}
