package redoubt.engine.kit;

import java.io.IOException;
import java.util.List;
import redoubt.core.wire.AgentMessage.LoadContent;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireLimits;
import redoubt.core.wire.WireText;
import redoubt.engine.kit.LoadResult.Problem;

/// Loads content on a thread of its own, one at a time, so that judging and pings go on.
final class ContentLoader {
  private final Engine engine;
  private final Outbox outbox;
  private final JudgePool judges;
  private final FilterTeller filter;
  private boolean ready;
  private volatile boolean loading;

  ContentLoader(Engine engine, Outbox outbox, JudgePool judges, FilterTeller filter) {
    this.engine = engine;
    this.outbox = outbox;
    this.judges = judges;
    this.filter = filter;
  }

  /// Whether content is being loaded: more must not come before the answer to it.
  boolean loading() {
    return loading;
  }

  /// Begins to load.
  ///
  /// @param descriptor closed once the content is refused, or replaced and no judgement needs it
  void begin(LoadContent message, int descriptor) {
    loading = true;
    Content content = content(message, descriptor);
    Thread.ofPlatform()
        .name("redoubt-content")
        .daemon()
        .uncaughtExceptionHandler(JudgePool::crash)
        .start(() -> load(content));
  }

  private static Content content(LoadContent message, int descriptor) {
    FileContent bytes =
        FileContent.withMemory(descriptor, message.sizeBytes(), JudgePool.READ_BYTES);
    return new Content(message.name(), message.version(), message.sha256(), bytes);
  }

  private void load(Content content) {
    LoadResult result = tryLoad(content);
    loading = false;
    switch (result) {
      case LoadResult.Loaded(var entries, var problems) -> {
        judges.replaceContent(content);
        filter.tell();
        outbox.send(new EngineMessage.ContentLoaded(content.version(), entries));
        problems.stream().limit(WireLimits.PROBLEMS).forEach(this::report);
        sayReady();
      }
      case LoadResult.Refused(var problems) -> {
        content.bytes().close();
        outbox.send(new EngineMessage.ContentRefused(content.version(), texts(problems)));
      }
    }
  }

  private LoadResult tryLoad(Content content) {
    try {
      requireWhole(content.bytes());
      return engine.load(content);
    } catch (IOException | RuntimeException e) {
      return new LoadResult.Refused(List.of(new Problem("payload", e.toString())));
    }
  }

  /// @throws IOException if there is less than the agent said: half a list is another list
  private static void requireWhole(FileContent bytes) throws IOException {
    if (bytes.sizeBytes() > 0) {
      bytes.readExactly(1, bytes.sizeBytes() - 1);
    }
  }

  private void report(Problem problem) {
    outbox.send(
        new EngineMessage.Report(
            0,
            WireText.cut(problem.place(), WireLimits.NAME_CHARS),
            WireText.cut("left out: " + problem.message(), WireLimits.NAME_CHARS)));
  }

  private static List<String> texts(List<Problem> problems) {
    return problems.stream()
        .limit(WireLimits.PROBLEMS)
        .map(problem -> WireText.cut(problem.toString(), WireLimits.PROBLEM_CHARS))
        .toList();
  }

  private void sayReady() {
    if (!ready) {
      ready = true;
      judges.sayReady();
    }
  }
}
