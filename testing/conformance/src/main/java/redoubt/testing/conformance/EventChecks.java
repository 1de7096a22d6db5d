package redoubt.testing.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EventClass;
import redoubt.core.model.VerdictScope;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.AgentMessage.Event;
import redoubt.core.wire.EngineMessage.EventVerdict;
import redoubt.core.wire.WireLimits;

/// Events: each answered once, in time, within credit, and nothing kept of them.
final class EventChecks {
  private static final String EVENTS = "Events → Verdicts or Abstained";
  private static final int MANY = 2_000;
  private static final int WINDOW = 64;
  private static final int SLOW_MILLIS = 300;
  private static final int MOST_UNREAD = 5_000;

  /// Of a hundred answers, this many may be late: the machine has other work too.
  private static final int LATE_PER_CENT = 5;

  private static final int ATTEMPTS = 3;

  private EventChecks() {}

  static List<Check> all() {
    return List.of(
        new Check(
            "events-answered-once",
            EVENTS,
            "answers each of thousands of events exactly once",
            EventChecks::answeredOnce),
        new Check(
            "events-full-message",
            "Limits",
            "takes 64 events with 64 descriptors in one message",
            EventChecks::fullMessage),
        new Check(
            "events-in-time",
            "Deadlines",
            "answers small files within the soft deadline of 250 ms",
            EventChecks::inTime),
        new Check(
            "events-in-time-under-load",
            "Deadlines",
            "answers small files within the soft deadline while 16 others wait",
            EventChecks::inTimeUnderLoad),
        new Check(
            "events-without-time",
            "Deadlines",
            "answers also what it cannot know in time, and what nobody waits for any more",
            EventChecks::withoutTime),
        new Check(
            "events-not-answerable",
            EVENTS,
            "answers events that nobody waits for like any other",
            EventChecks::notAnswerable),
        new Check(
            "events-without-digest",
            EVENTS,
            "answers an event without a digest",
            EventChecks::withoutDigest),
        new Check(
            "events-without-descriptor",
            EVENTS,
            "answers an event without a descriptor",
            EventChecks::withoutDescriptor),
        new Check(
            "events-with-nothing",
            EVENTS,
            "denies nothing of which it has seen neither digest nor content",
            EventChecks::withNothing),
        new Check(
            "scope-unstable-file",
            EVENTS,
            "says of an unstable file nothing beyond the event",
            EventChecks::unstableFile),
        new Check(
            "descriptors-closed",
            "Transport",
            "closes the descriptor of every event that it answered",
            EventChecks::descriptorsClosed),
        new Check(
            "descriptor-offset",
            EVENTS,
            "does not move the offset of a file's descriptor, which others share",
            EventChecks::offsetUntouched),
        new Check(
            "credits-window",
            "Ready, Credits",
            "has room for as many events as it gave credits, again and again",
            EventChecks::creditsWindow),
        new Check(
            "credits-one",
            "Ready, Credits",
            "judges one event at a time when it may have one credit",
            EventChecks::creditsOne),
        new Check(
            "credits-exceeded",
            "Ready, Credits",
            "ends with an error when more events come than it gave credits",
            EventChecks::creditsExceeded),
        new Check(
            "cancelled-events",
            "Cancel",
            "still answers cancelled events, once, and ignores a cancellation that comes late",
            EventChecks::cancelled),
        new Check(
            "mode-changed",
            "ModeChanged",
            "judges alike in monitor and enforce mode",
            EventChecks::modeChanged),
        new Check("ping", "Ping → Pong", "gives every nonce back, in order", EventChecks::ping),
        new Check(
            "ping-under-load",
            "Ping → Pong",
            "answers a ping within a second while all its credits are in use",
            EventChecks::pingUnderLoad),
        new Check(
            "agent-reads-late",
            "Transport",
            "loses no message when the agent reads late",
            EventChecks::agentReadsLate),
        new Check(
            "unknown-fields",
            "Stricter than protobuf",
            "skips fields that it does not know, in the envelope and within events",
            EventChecks::unknownFields));
  }

  private static String answeredOnce(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    FileSample file = stage.file();
    for (int i = 0; i < MANY; i++) {
      engine.awaitUntil("an answer", () -> engine.ledger().open() < WINDOW);
      engine.ask(file, i % 2 == 0 ? Ask.USUAL : Ask.USUAL.withoutDescriptor());
    }
    engine.awaitAnswers();
    engine.listen(Settings.SILENCE_MILLIS);
    return opinions(engine);
  }

  private static String opinions(Conversation engine) {
    List<Answer> answers = engine.ledger().answers();
    long abstained = answers.stream().filter(each -> each.verdict() == null).count();
    return answers.size() + " answers, " + abstained + " of them abstentions";
  }

  private static String fullMessage(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    FileSample file = stage.file();
    int count = (int) Math.min(WireLimits.EVENTS_PER_MESSAGE, engine.ledger().credits());
    engine.sendEvents(file, events(engine, file, count));
    engine.awaitAnswers();
    return count + " events";
  }

  private static List<Event> events(Conversation engine, FileSample file, int count) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(engine.event(file, Ask.USUAL));
    }
    return events;
  }

  private static String inTime(Stage stage) throws IOException, InterruptedException {
    return timed(stage, 100, 1);
  }

  private static String inTimeUnderLoad(Stage stage) throws IOException, InterruptedException {
    return timed(stage, 500, 16);
  }

  /// Measures up to three times and takes the best: a machine that stalls is not the engine's
  /// fault.
  private static String timed(Stage stage, int count, int window)
      throws IOException, InterruptedException {
    String seen = "";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Conversation engine = stage.ready();
      if (isInTime(stage, engine, count, window)) {
        return waits(engine);
      }
      seen = waits(engine);
      stage.closeEngine(engine);
    }
    throw new ClaimBrokenException("answers came late in each of three runs: " + seen);
  }

  private static boolean isInTime(Stage stage, Conversation engine, int count, int window) {
    long mostLate = (long) count * LATE_PER_CENT / 100;
    for (int i = 0; i < count && late(engine) <= mostLate; i++) {
      FileSample file = stage.file();
      engine.ask(file, Ask.USUAL);
      engine.awaitUntil("an answer", () -> engine.ledger().open() < window);
      stage.closeFile(file);
    }
    engine.awaitAnswers();
    return late(engine) <= mostLate;
  }

  private static long late(Conversation engine) {
    return engine.ledger().late(Settings.DEADLINE_MILLIS);
  }

  private static String waits(Conversation engine) {
    List<Long> waits =
        engine.ledger().answers().stream().map(Answer::waitedMillis).sorted().toList();
    return "median "
        + waits.get(waits.size() / 2)
        + " ms, longest "
        + waits.getLast()
        + " ms, late "
        + late(engine)
        + " of "
        + waits.size();
  }

  private static String withoutTime(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    FileSample large = stage.file(8 << 20);
    for (long budgetMicros : new long[] {0, 1, 1_000}) {
      engine.ask(large, Ask.USUAL.withoutDigest().withBudgetMicros(budgetMicros));
    }
    engine.awaitAnswers();
    return opinions(engine);
  }

  private static String notAnswerable(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    FileSample file = stage.file();
    String asked = engine.answer(file, Ask.USUAL).opinion();
    String told = engine.answer(file, Ask.USUAL.afterwards()).opinion();
    if (!asked.equals(told)) {
      throw new ClaimBrokenException("judges otherwise: waiting=" + asked + " told=" + told);
    }
    return told;
  }

  private static String withoutDigest(Stage stage) throws IOException, InterruptedException {
    return stage.ready().answer(stage.file(), Ask.USUAL.withoutDigest()).opinion();
  }

  private static String withoutDescriptor(Stage stage) throws IOException, InterruptedException {
    return stage.ready().answer(stage.file(), Ask.USUAL.withoutDescriptor()).opinion();
  }

  private static String withNothing(Stage stage) throws IOException, InterruptedException {
    Ask nothing = Ask.USUAL.withoutDescriptor().withoutDigest().unstable();
    String opinion = stage.ready().answer(stage.file(), nothing).opinion();
    if (opinion.equals("DENY")) {
      throw new ClaimBrokenException("denied a file of which it has seen nothing");
    }
    return opinion;
  }

  private static String unstableFile(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    byte[] listed = stage.content(engine).findListed();
    List<FileSample> files =
        listed == null ? List.of(stage.file()) : List.of(stage.file(), stage.file(listed));
    for (FileSample file : files) {
      EventVerdict verdict = engine.answer(file, Ask.USUAL.unstable()).verdict();
      if (verdict != null && verdict.scope() != VerdictScope.EVENT) {
        throw new ClaimBrokenException("said more of it: scope=" + verdict.scope());
      }
    }
    return opinions(engine);
  }

  private static String descriptorsClosed(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    FileSample file = stage.file();
    askMany(engine, file, 200);
    int before = engine.process().descriptors();
    askMany(engine, file, MANY);
    int after = engine.process().descriptors();
    if (after > before + 8) {
      throw new ClaimBrokenException(
          "descriptors stay open: events=" + MANY + " before=" + before + " after=" + after);
    }
    return MANY + " events, descriptors " + before + " to " + after;
  }

  private static void askMany(Conversation engine, FileSample file, int count) {
    for (int i = 0; i < count; i++) {
      engine.awaitUntil("an answer", () -> engine.ledger().open() < WINDOW);
      engine.ask(file, i % 2 == 0 ? Ask.USUAL : Ask.USUAL.withoutDigest());
    }
    engine.awaitAnswers();
  }

  private static String offsetUntouched(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    FileSample file = stage.file();
    engine.answer(file, Ask.USUAL);
    engine.answer(file, Ask.USUAL.withoutDigest());
    if (file.offset() != 0) {
      throw new ClaimBrokenException("moved the shared offset: offset=" + file.offset());
    }
    return "";
  }

  private static String creditsWindow(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    FileSample file = stage.file();
    long window = engine.ledger().credits();
    for (int round = 0; round < 5; round++) {
      fill(engine, file, Ask.USUAL);
      engine.awaitAnswers();
      if (engine.ledger().credits() < window) {
        throw new ClaimBrokenException("credits were not given back");
      }
    }
    return "5 times " + window + " events";
  }

  /// Sends as many events as there are credits, in full messages.
  private static void fill(Conversation engine, FileSample file, Ask ask) {
    long left = engine.ledger().credits();
    while (left > 0) {
      int count = (int) Math.min(left, WireLimits.EVENTS_PER_MESSAGE);
      List<Event> events = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        events.add(engine.event(file, ask));
      }
      engine.sendEvents(file, events);
      left -= count;
    }
  }

  private static String creditsOne(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready(1);
    FileSample file = stage.file();
    for (int i = 0; i < 100; i++) {
      engine.answer(file, Ask.USUAL);
    }
    return opinions(engine);
  }

  private static String creditsExceeded(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready(1);
    FileSample file = stage.file();
    engine.sendEvents(file, events(engine, file, WireLimits.EVENTS_PER_MESSAGE));
    return engine.awaitFailure();
  }

  private static String cancelled(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    FileSample file = stage.file();
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      ids.add(engine.ask(file, Ask.USUAL.withoutDigest()));
    }
    engine.send(new AgentMessage.Cancel(ids));
    engine.awaitAnswers();
    engine.send(new AgentMessage.Cancel(ids));
    engine.answer(file, Ask.USUAL);
    engine.listen(Settings.SILENCE_MILLIS);
    return opinions(engine);
  }

  private static String modeChanged(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    FileSample file = stage.file();
    String enforcing = engine.answer(file, Ask.USUAL).opinion();
    engine.send(new AgentMessage.ModeChanged(EngineMode.MONITOR));
    String monitored = engine.answer(file, Ask.USUAL).opinion();
    engine.send(new AgentMessage.ModeChanged(EngineMode.ENFORCE));
    String again = engine.answer(file, Ask.USUAL).opinion();
    if (!monitored.equals(enforcing) || !again.equals(enforcing)) {
      throw new ClaimBrokenException(
          "judges otherwise: enforce=" + enforcing + " monitor=" + monitored + " again=" + again);
    }
    return enforcing;
  }

  private static String ping(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    long[] nonces = {0, 1, -1, Long.MIN_VALUE, stage.random().nextLong()};
    for (long nonce : nonces) {
      engine.send(new AgentMessage.Ping(nonce));
    }
    for (long nonce : nonces) {
      engine.awaitPong(nonce);
    }
    return nonces.length + " pings";
  }

  private static String pingUnderLoad(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    fill(engine, stage.file(64 << 10), Ask.USUAL.withoutDigest());
    long sent = System.nanoTime();
    engine.send(new AgentMessage.Ping(1));
    engine.awaitPong(1, 1_000);
    long millis = (System.nanoTime() - sent) / 1_000_000;
    engine.awaitAnswers();
    return "after " + millis + " ms";
  }

  /// Whether the engine has room for a message soon: one that has none for long does not read, as
  /// it waits to be read itself; one that is only slow goes on.
  private static boolean takes(Conversation engine, AgentMessage message)
      throws InterruptedException {
    for (int i = 0; i < SLOW_MILLIS; i++) {
      if (engine.sendNow(message)) {
        return true;
      }
      Thread.sleep(1);
    }
    return false;
  }

  private static String agentReadsLate(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    int pings = 0;
    while (pings < MOST_UNREAD && takes(engine, new AgentMessage.Ping(pings))) {
      pings++;
      if (pings % WINDOW == 0) {
        Thread.sleep(1); // for the engine to answer into the socket that nobody reads
      }
    }
    for (int nonce = 0; nonce < pings; nonce++) {
      engine.awaitPong(nonce);
    }
    return pings + " pings before the first answer was read";
  }

  private static String unknownFields(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    RawMessage ping = new RawMessage().fixed64(1, 5).varint(77, 1).text(1000, "later");
    engine.sendRaw(
        RawMessage.numbered(engine.nextSequence())
            .text(900, "later")
            .message(8, ping)
            .varint(901, -1)
            .toBytes());
    engine.awaitPong(5);
    FileSample file = stage.file();
    long id = engine.nextEvent();
    RawMessage event =
        new RawMessage()
            .varint(1, id)
            .varint(2, numberOf(engine.event(file, Ask.USUAL).eventClass()))
            .varint(99, 1)
            .message(6, new RawMessage().varint(1, 1).fixed64(98, 1))
            .message(7, new RawMessage().bytes(8, file.sha256().bytes()).text(97, "later"));
    engine.ledger().asked(id);
    engine.sendRaw(
        RawMessage.numbered(engine.nextSequence())
            .message(5, new RawMessage().message(2, event))
            .toBytes());
    engine.awaitAnswers();
    return "";
  }

  /// As `EventClass` in the schema has it; whoever is asked is asked about one of these.
  private static int numberOf(EventClass eventClass) {
    return eventClass == EventClass.EXEC ? 1 : 2;
  }
}
