package redoubt.testing.conformance;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import redoubt.core.model.EngineMode;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireLimits;

/// From the connection to Ready: who speaks first, which version, what is granted.
final class HandshakeChecks {
  private static final int FEW_CREDITS = 3;

  private HandshakeChecks() {}

  static List<Check> all() {
    return List.of(
        new Check(
            "hello",
            "States",
            "connects by itself and says a valid Hello, numbered 1, within 10 s",
            HandshakeChecks::hello),
        new Check(
            "hello-then-silence",
            "States",
            "says nothing between its Hello and the welcome",
            HandshakeChecks::silence),
        new Check(
            "version-agreed",
            "Versions",
            "speaks the version that this kit speaks",
            HandshakeChecks::versionAgreed),
        new Check(
            "version-newer-agent",
            "Versions",
            "takes its own newest version and skips fields that a newer agent adds to the welcome",
            HandshakeChecks::newerAgent),
        new Check(
            "version-older-agent",
            "Versions",
            "goes on in an older version that it says it speaks",
            HandshakeChecks::olderAgent),
        new Check(
            "version-not-mine",
            "Versions",
            "ends with an error when it is welcomed in a version that it does not speak",
            HandshakeChecks::versionNotMine),
        new Check(
            "version-none-common",
            "Hello → Welcome or Refused",
            "ends with an error when it is refused for its version",
            HandshakeChecks::refusedForVersion),
        new Check(
            "refused-later",
            "Hello → Welcome or Refused",
            "ends with an error when it is refused while it judges",
            HandshakeChecks::refusedLater),
        new Check(
            "grants-fewer-classes",
            "Hello → Welcome or Refused",
            "gets ready although none of the classes that it asked for are granted",
            HandshakeChecks::noClasses),
        new Check(
            "grants-fewer-credits",
            "Ready, Credits",
            "never gives more credits than the welcome allows",
            HandshakeChecks::fewCredits),
        new Check(
            "ready-after-content",
            "Ready, Credits",
            "is not ready before its content is in force; without content, at once",
            HandshakeChecks::readyAfterContent),
        new Check(
            "welcome-twice",
            "States",
            "ends with an error when it is welcomed twice",
            HandshakeChecks::welcomeTwice),
        new Check(
            "ping-before-welcome",
            "States",
            "ends with an error when a ping comes before the welcome",
            HandshakeChecks::pingBeforeWelcome),
        new Check(
            "events-before-ready",
            "States",
            "ends with an error when events come before it is ready",
            HandshakeChecks::eventsBeforeReady));
  }

  private static String hello(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.connect();
    if (!engine.process().connectedItself()) {
      throw new ClaimBrokenException("another process than the one that was started connected");
    }
    EngineMessage.Hello hello = engine.hello();
    return hello.name() + " " + hello.engineVersion();
  }

  private static String silence(Stage stage) throws IOException, InterruptedException {
    List<EngineMessage> said = stage.connect().listen(Settings.SILENCE_MILLIS);
    if (!said.isEmpty()) {
      throw new ClaimBrokenException("spoke before the welcome: " + said.getFirst());
    }
    return "";
  }

  private static String versionAgreed(Stage stage) throws IOException, InterruptedException {
    EngineMessage.Hello hello = stage.connect().hello();
    String range = hello.oldestVersion() + " to " + hello.newestVersion();
    if (hello.oldestVersion() > WireLimits.PROTOCOL_VERSION
        || hello.newestVersion() < WireLimits.PROTOCOL_VERSION) {
      throw new ClaimBrokenException(
          "speaks " + range + ", the kit " + WireLimits.PROTOCOL_VERSION);
    }
    return "speaks " + range;
  }

  private static String newerAgent(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.connect();
    engine.ledger().welcomed(WireLimits.CREDITS);
    RawMessage welcome =
        new RawMessage()
            .varint(1, engine.hello().newestVersion())
            .text(2, "conformance")
            .text(3, "99.0")
            .varint(4, 1)
            .varint(6, 2)
            .varint(7, WireLimits.CREDITS)
            .varint(8, Settings.DEADLINE_MILLIS)
            .varint(1000, 7)
            .text(1001, "a field of a later agent");
    engine.sendRaw(RawMessage.numbered(1).message(2, welcome).fixed64(900, 1).toBytes());
    stage.finishReady(engine);
    return "version " + engine.hello().newestVersion();
  }

  private static String olderAgent(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.connect();
    int oldest = engine.hello().oldestVersion();
    if (oldest == engine.hello().newestVersion()) {
      throw new NotClaimedException("the engine speaks version " + oldest + " only");
    }
    engine.welcome(oldest, WireLimits.CREDITS);
    stage.finishReady(engine);
    return "version " + oldest;
  }

  private static String versionNotMine(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.connect();
    int newer = engine.hello().newestVersion() + 1;
    if (newer > WireLimits.HIGHEST_VERSION) {
      throw new NotClaimedException("the engine speaks every version that can be");
    }
    engine.welcome(newer, WireLimits.CREDITS);
    return engine.awaitFailure();
  }

  private static String refusedForVersion(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.connect();
    engine.send(new AgentMessage.Refused("version", "no common protocol version"));
    return engine.awaitFailure();
  }

  private static String refusedLater(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    engine.send(new AgentMessage.Refused("identity", "the registration was taken back"));
    return engine.awaitFailure();
  }

  private static String noClasses(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.connect();
    engine.ledger().welcomed(WireLimits.CREDITS);
    engine.send(
        new AgentMessage.Welcome(
            WireLimits.PROTOCOL_VERSION,
            "conformance",
            "conformance",
            Set.of(),
            Set.of(),
            EngineMode.MONITOR,
            WireLimits.CREDITS,
            Settings.DEADLINE_MILLIS));
    stage.finishReady(engine);
    return "";
  }

  private static String fewCredits(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready(FEW_CREDITS);
    FileSample file = stage.file();
    for (int i = 0; i < 100; i++) {
      engine.ask(file, Ask.USUAL);
    }
    engine.awaitAnswers();
    engine.listen(Settings.SILENCE_MILLIS);
    return "at most " + FEW_CREDITS + " allowed, " + engine.ledger().credits() + " given";
  }

  private static String readyAfterContent(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.welcome();
    if (engine.hello().schemaHash().isEmpty()) {
      engine.await(EngineMessage.Ready.class, Settings.READY_MILLIS);
      return "takes no content";
    }
    engine.listen(Settings.SILENCE_MILLIS);
    if (engine.ledger().ready()) {
      throw new ClaimBrokenException("was ready without content");
    }
    stage.finishReady(engine);
    return "";
  }

  private static String welcomeTwice(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    engine.welcome(WireLimits.PROTOCOL_VERSION, WireLimits.CREDITS);
    return engine.awaitFailure();
  }

  private static String pingBeforeWelcome(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.connect();
    engine.send(new AgentMessage.Ping(1));
    return engine.awaitFailure();
  }

  private static String eventsBeforeReady(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.welcome();
    stage.requireTakesContent(engine);
    FileSample file = stage.file();
    engine.sendEvents(file, List.of(engine.event(file, Ask.USUAL)));
    return engine.awaitFailure();
  }
}
