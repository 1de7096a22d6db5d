package redoubt.engine.kit;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EventClass;
import redoubt.core.model.EventFilter;

/// An engine whose answers a test gives.
final class TestEngine implements Engine {
  interface Judge {
    Judgement judge(FileEvent event) throws IOException;
  }

  interface Loader {
    LoadResult load(Content content) throws IOException;
  }

  interface Listener {
    void hear(HostEvents events);
  }

  private final String schemaHash;
  private final Judge judge;
  private final Loader loader;
  private final Listener listener;
  private volatile @Nullable EventFilter filter;

  private TestEngine(String schemaHash, Judge judge, Loader loader, Listener listener) {
    this.schemaHash = schemaHash;
    this.judge = judge;
    this.loader = loader;
    this.listener = listener;
  }

  static TestEngine observing(Listener listener) {
    return new TestEngine(
        "", _ -> Judgement.allow(), _ -> new LoadResult.Loaded(0, List.of()), listener);
  }

  static TestEngine withoutContent(Judge judge) {
    return new TestEngine("", judge, _ -> new LoadResult.Loaded(0, List.of()), _ -> {});
  }

  static TestEngine withContent(Judge judge, Loader loader) {
    return new TestEngine("0".repeat(64), judge, loader, _ -> {});
  }

  /// The same engine, which from now on needs these events only.
  TestEngine needing(@Nullable EventFilter needed) {
    filter = needed;
    return this;
  }

  @Override
  public EngineDescription describe() {
    return new EngineDescription(
        "test",
        "nobody",
        "1",
        schemaHash,
        Set.of(EventClass.EXEC),
        Set.of(EventClass.PROCESS_START));
  }

  @Override
  public Optional<EventFilter> filter() {
    return Optional.ofNullable(filter);
  }

  @Override
  public LoadResult load(Content content) throws IOException {
    return loader.load(content);
  }

  @Override
  public Judgement judge(FileEvent event) throws IOException {
    return judge.judge(event);
  }

  @Override
  public void observe(HostEvents events) {
    listener.hear(events);
  }
}
