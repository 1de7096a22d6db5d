package redoubt.testing.conformance;

import java.io.IOException;
import java.util.List;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.EngineMessage.EventVerdict;
import redoubt.core.wire.WireLimits;

/// Content: taken, refused, replaced, and never believed to be what it is not.
final class ContentChecks {
  private static final String SECTION = "LoadContent → ContentLoaded or ContentRefused";
  private static final int RELOADS = 500;
  private static final int DESCRIPTORS_TO_SPARE = 16;
  private static final int MOST_GROWTH_KIB = 16 << 10;

  private ContentChecks() {}

  static List<Check> all() {
    return List.of(
        new Check(
            "content-loaded",
            SECTION,
            "takes good content and names its version",
            ContentChecks::loaded),
        new Check(
            "content-refused",
            SECTION,
            "refuses bad content under its version, and takes good content afterwards",
            ContentChecks::refused),
        new Check(
            "content-refused-keeps-old",
            SECTION,
            "keeps judging with the content in force when it refuses other",
            ContentChecks::keepsOld),
        new Check("content-empty", SECTION, "answers empty content once", ContentChecks::empty),
        new Check(
            "content-wrong-digest",
            SECTION,
            "answers content whose digest is another once, or ends with an error",
            ContentChecks::wrongDigest),
        new Check(
            "content-too-short",
            SECTION,
            "does not load content that is shorter than the message says",
            ContentChecks::tooShort),
        new Check(
            "content-too-large",
            "Limits",
            "ends with an error when content is said to be larger than 1 GiB",
            ContentChecks::tooLarge),
        new Check(
            "content-without-descriptor",
            "Transport",
            "ends with an error when content comes without a descriptor",
            ContentChecks::withoutDescriptor),
        new Check(
            "content-unwanted",
            SECTION,
            "ends with an error when it is given content and takes none",
            ContentChecks::unwanted),
        new Check(
            "content-version-in-verdicts",
            "Events → Verdicts or Abstained",
            "names the content in force in every verdict",
            ContentChecks::versionInVerdicts),
        new Check(
            "content-change",
            SECTION,
            "goes on answering while content changes, and judges with the new one after ContentLoaded",
            ContentChecks::change),
        new Check(
            "content-replaced-is-closed",
            SECTION,
            "piles up neither descriptors nor memory of content that was replaced",
            ContentChecks::replacedIsClosed),
        new Check(
            "content-decides",
            SECTION,
            "denies the file on a hash list, and no other",
            ContentChecks::decides));
  }

  private static Conversation welcomed(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.welcome();
    stage.requireTakesContent(engine);
    return engine;
  }

  private static Conversation ready(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    stage.requireTakesContent(engine);
    return engine;
  }

  private static String loaded(Stage stage) throws IOException, InterruptedException {
    Conversation engine = welcomed(stage);
    stage.load(engine, "v1", stage.content(engine).good());
    long entries = stage.requireLoaded(engine, "v1").entries();
    engine.await(EngineMessage.Ready.class, Settings.READY_MILLIS);
    return "entries: " + entries;
  }

  private static String refused(Stage stage) throws IOException, InterruptedException {
    Conversation engine = welcomed(stage);
    stage.load(engine, "bad", stage.content(engine).bad());
    EngineMessage answer = stage.awaitContentAnswer(engine);
    if (!(answer instanceof EngineMessage.ContentRefused(var version, var problems))) {
      throw new ClaimBrokenException("took bad content: " + answer);
    }
    if (!version.equals("bad")) {
      throw new ClaimBrokenException("refused another content than the one given: " + version);
    }
    stage.finishReady(engine);
    return problems.isEmpty() ? "no problem named" : problems.getFirst();
  }

  private static String keepsOld(Stage stage) throws IOException, InterruptedException {
    Conversation engine = ready(stage);
    FileSample file = stage.file();
    String before = engine.answer(file, Ask.USUAL).opinion();
    stage.load(engine, "bad", stage.content(engine).bad());
    EngineMessage answer = stage.awaitContentAnswer(engine);
    if (answer instanceof EngineMessage.ContentLoaded) {
      throw new ClaimBrokenException("took bad content: " + answer);
    }
    Answer after = engine.answer(file, Ask.USUAL);
    requireVersion(after, Stage.FIRST_CONTENT);
    if (!after.opinion().equals(before)) {
      throw new ClaimBrokenException("judges otherwise: before=" + before + " after=" + after);
    }
    return after.opinion();
  }

  private static String empty(Stage stage) throws IOException, InterruptedException {
    Conversation engine = welcomed(stage);
    stage.load(engine, "empty", new byte[0]);
    return once(stage, engine);
  }

  private static String wrongDigest(Stage stage) throws IOException, InterruptedException {
    Conversation engine = welcomed(stage);
    FileSample content = stage.file(stage.content(engine).good());
    sendContent(engine, new Sha256(1, 2, 3, 4), content.sizeBytes(), content.descriptor());
    return takenOrRefused(stage, engine);
  }

  private static String tooShort(Stage stage) throws IOException, InterruptedException {
    Conversation engine = welcomed(stage);
    FileSample content = stage.file(stage.content(engine).good());
    sendContent(engine, content.sha256(), content.sizeBytes() + 100L, content.descriptor());
    String answer = takenOrRefused(stage, engine);
    if (answer.startsWith("taken")) {
      throw new ClaimBrokenException("loaded content of which 100 bytes are missing");
    }
    return answer;
  }

  private static String takenOrRefused(Stage stage, Conversation engine)
      throws InterruptedException {
    try {
      return once(stage, engine);
    } catch (ClaimBrokenException e) {
      if (String.valueOf(e.getMessage()).startsWith("ended the connection")) {
        return engine.awaitFailure();
      }
      throw e;
    }
  }

  /// Waits for the one answer that content has.
  private static String once(Stage stage, Conversation engine) {
    EngineMessage answer = stage.awaitContentAnswer(engine);
    boolean again =
        engine.listen(Settings.SILENCE_MILLIS).stream()
            .anyMatch(each ->
                each instanceof EngineMessage.ContentLoaded
                    || each instanceof EngineMessage.ContentRefused);
    if (again) {
      throw new ClaimBrokenException("answered the same content twice");
    }
    return answer instanceof EngineMessage.ContentLoaded ? "taken" : "refused";
  }

  private static String tooLarge(Stage stage) throws IOException, InterruptedException {
    Conversation engine = welcomed(stage);
    FileSample content = stage.file(stage.content(engine).good());
    RawMessage load =
        new RawMessage()
            .text(1, "conformance")
            .text(2, "large")
            .bytes(3, content.sha256().bytes())
            .varint(4, WireLimits.CONTENT_BYTES + 1);
    engine.sendRaw(
        RawMessage.numbered(engine.nextSequence()).message(4, load).toBytes(),
        content.descriptor());
    return engine.awaitFailure();
  }

  private static String withoutDescriptor(Stage stage) throws IOException, InterruptedException {
    Conversation engine = welcomed(stage);
    sendContent(engine, new Sha256(1, 2, 3, 4), 100);
    return engine.awaitFailure();
  }

  private static String unwanted(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.welcome();
    if (!engine.hello().schemaHash().isEmpty()) {
      throw new NotClaimedException("the engine names a schema: it takes content");
    }
    stage.load(engine, "unwanted", new byte[1]);
    return engine.awaitFailure();
  }

  private static String versionInVerdicts(Stage stage) throws IOException, InterruptedException {
    Conversation engine = ready(stage);
    for (int i = 0; i < 32; i++) {
      requireVersion(engine.answer(stage.file(), Ask.USUAL), Stage.FIRST_CONTENT);
    }
    return Stage.FIRST_CONTENT;
  }

  private static String change(Stage stage) throws IOException, InterruptedException {
    Conversation engine = ready(stage);
    FileSample file = stage.file();
    byte[] content = stage.content(engine).good();
    for (int i = 0; i < 50; i++) {
      engine.ask(file, Ask.USUAL);
    }
    stage.load(engine, "conformance-2", content);
    for (int i = 0; i < 50; i++) {
      engine.ask(file, Ask.USUAL);
    }
    engine.awaitUntil("ContentLoaded", () -> engine.heard(EngineMessage.ContentLoaded.class) == 2);
    requireVersion(engine.answer(file, Ask.USUAL), "conformance-2");
    engine.awaitAnswers();
    return engine.ledger().answers().size() + " events answered";
  }

  private static String replacedIsClosed(Stage stage) throws IOException, InterruptedException {
    Conversation engine = ready(stage);
    reload(stage, engine, RELOADS / 5);
    int descriptors = engine.process().descriptors();
    long memoryKib = engine.process().memoryKib();
    for (int i = 0; i < RELOADS; i += RELOADS / 10) {
      reload(stage, engine, RELOADS / 10);
      if (engine.process().descriptors() > descriptors + DESCRIPTORS_TO_SPARE) {
        throw new ClaimBrokenException(
            "descriptors pile up: before="
                + descriptors
                + " now="
                + engine.process().descriptors());
      }
    }
    long grownKib = engine.process().memoryKib() - memoryKib;
    if (grownKib > MOST_GROWTH_KIB) {
      throw new ClaimBrokenException("memory grows: loads=" + RELOADS + " KiB=" + grownKib);
    }
    return RELOADS + " loads, memory " + (grownKib < 0 ? "" : "+") + grownKib + " KiB";
  }

  private static void reload(Stage stage, Conversation engine, int times) throws IOException {
    byte[] content = stage.content(engine).good();
    for (int i = 0; i < times; i++) {
      FileSample sample = stage.load(engine, "reload-" + i, content);
      stage.requireLoaded(engine, "reload-" + i);
      stage.closeFile(sample);
    }
  }

  private static String decides(Stage stage) throws IOException, InterruptedException {
    Conversation engine = ready(stage);
    byte[] listed = stage.content(engine).findListed();
    if (listed == null) {
      throw new NotClaimedException("the engine's content is not a hash list of the kit's");
    }
    requireVerdict(engine.answer(stage.file(listed), Ask.USUAL), Verdict.DENY);
    requireVerdict(engine.answer(stage.file(), Ask.USUAL), Verdict.ALLOW);
    return "";
  }

  private static void requireVerdict(Answer answer, Verdict wanted) {
    if (!answer.opinion().equals(wanted.name())) {
      throw new ClaimBrokenException("wanted=" + wanted + " said=" + answer.opinion());
    }
  }

  private static void requireVersion(Answer answer, String version) {
    EventVerdict verdict = answer.verdict();
    if (verdict != null && !verdict.contentVersion().equals(version)) {
      throw new ClaimBrokenException(
          "judged with another content: said=" + verdict.contentVersion() + " inForce=" + version);
    }
  }

  private static void sendContent(
      Conversation engine, Sha256 sha256, long sizeBytes, int... descriptors) {
    engine.send(
        new AgentMessage.LoadContent("conformance", "wrong", sha256, sizeBytes), descriptors);
  }
}
