package redoubt.testing.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireLimits;

/// What one check has to itself: engine processes, files, random numbers. All of it ends with the
/// check.
final class Stage implements AutoCloseable {
  /// The version of the content that [#ready] loads.
  static final String FIRST_CONTENT = "conformance-1";

  private static final int FILE_BYTES = 4096;

  private final Settings settings;
  private final Path directory;
  private final SplittableRandom random;
  private final List<AutoCloseable> opened = new ArrayList<>();

  Stage(Settings settings, String checkId) throws IOException {
    this.settings = settings;
    directory = Files.createTempDirectory("redoubt-conformance");
    random = new SplittableRandom(settings.seed() ^ checkId.hashCode());
  }

  Settings settings() {
    return settings;
  }

  SplittableRandom random() {
    return random;
  }

  /// Starts an engine and hears its Hello.
  Conversation connect() throws IOException, InterruptedException {
    EngineProcess process = EngineProcess.start(settings.command(), directory);
    opened.add(process);
    Conversation conversation = new Conversation(process, settings.patienceMillis());
    opened.add(conversation);
    return conversation;
  }

  /// Starts an engine and welcomes it.
  Conversation welcome() throws IOException, InterruptedException {
    Conversation engine = connect();
    engine.welcome(WireLimits.PROTOCOL_VERSION, WireLimits.CREDITS);
    return engine;
  }

  /// Starts an engine and goes on until it judges.
  Conversation ready() throws IOException, InterruptedException {
    return ready(WireLimits.CREDITS);
  }

  /// Starts an engine with so many credits at most and goes on until it judges.
  Conversation ready(int maxCredits) throws IOException, InterruptedException {
    Conversation engine = connect();
    engine.welcome(WireLimits.PROTOCOL_VERSION, maxCredits);
    finishReady(engine);
    return engine;
  }

  /// Goes on from the welcome until the engine judges.
  void finishReady(Conversation engine) throws IOException {
    if (!engine.hello().schemaHash().isEmpty()) {
      load(engine, FIRST_CONTENT, content(engine).good());
      requireLoaded(engine, FIRST_CONTENT);
    }
    if (!engine.ledger().ready()) {
      engine.await(EngineMessage.Ready.class, Settings.READY_MILLIS);
    }
  }

  /// The content that suits an engine.
  EngineContent content(Conversation engine) throws IOException {
    return EngineContent.find(engine.hello(), settings)
        .orElseThrow(() ->
            new ClaimBrokenException("needs content of its own schema; give it with --content"));
  }

  /// Refuses to go on with an engine that takes no content.
  void requireTakesContent(Conversation engine) {
    if (engine.hello().schemaHash().isEmpty()) {
      throw new NotClaimedException("the engine names no schema: it takes no content");
    }
  }

  /// Hands over content as the agent does.
  ///
  /// @return the content, which may be closed now
  FileSample load(Conversation engine, String version, byte[] payload) {
    FileSample sample = file(payload);
    engine.send(
        new AgentMessage.LoadContent("conformance", version, sample.sha256(), sample.sizeBytes()),
        sample.descriptor());
    return sample;
  }

  /// Waits for the engine to say that content is in force.
  EngineMessage.ContentLoaded requireLoaded(Conversation engine, String version) {
    EngineMessage answer = awaitContentAnswer(engine);
    if (!(answer instanceof EngineMessage.ContentLoaded loaded)) {
      throw new ClaimBrokenException("refused good content: " + answer);
    }
    if (!loaded.version().equals(version)) {
      throw new ClaimBrokenException(
          "names another content: loaded=" + loaded.version() + " given=" + version);
    }
    return loaded;
  }

  /// Waits for what the engine says of content.
  EngineMessage awaitContentAnswer(Conversation engine) {
    return engine.await(
        "ContentLoaded or ContentRefused",
        message ->
            message instanceof EngineMessage.ContentLoaded
                || message instanceof EngineMessage.ContentRefused,
        Settings.READY_MILLIS);
  }

  /// A file with these bytes.
  FileSample file(byte[] bytes) {
    FileSample sample = new FileSample(bytes);
    opened.add(sample);
    return sample;
  }

  /// A file that no engine has seen before.
  FileSample file() {
    return file(FILE_BYTES);
  }

  /// A file of that size that no engine has seen before.
  FileSample file(int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    random.nextBytes(bytes);
    return file(bytes);
  }

  /// Closes a file before the end of the check, where there are many.
  void closeFile(FileSample file) {
    file.close();
    opened.remove(file);
  }

  /// Ends an engine before the end of the check, where there are many.
  void closeEngine(Conversation engine) {
    engine.close();
    opened.remove(engine);
    opened.remove(engine.process());
  }

  @Override
  public void close() throws IOException {
    for (AutoCloseable each : opened.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IOException("not closed: " + each, e);
      }
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
