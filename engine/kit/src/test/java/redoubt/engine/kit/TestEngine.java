package redoubt.engine.kit;

import java.io.IOException;
import java.util.Set;
import redoubt.core.model.EventClass;

/// An engine whose answers a test gives.
final class TestEngine implements Engine {
  interface Judge {
    Judgement judge(FileEvent event) throws IOException;
  }

  interface Loader {
    LoadResult load(Content content) throws IOException;
  }

  private final String schemaHash;
  private final Judge judge;
  private final Loader loader;

  private TestEngine(String schemaHash, Judge judge, Loader loader) {
    this.schemaHash = schemaHash;
    this.judge = judge;
    this.loader = loader;
  }

  static TestEngine withoutContent(Judge judge) {
    return new TestEngine("", judge, _ -> new LoadResult.Loaded(0, java.util.List.of()));
  }

  static TestEngine withContent(Judge judge, Loader loader) {
    return new TestEngine("0".repeat(64), judge, loader);
  }

  @Override
  public EngineDescription describe() {
    return new EngineDescription(
        "test", "nobody", "1", schemaHash, Set.of(EventClass.EXEC), Set.of());
  }

  @Override
  public LoadResult load(Content content) throws IOException {
    return loader.load(content);
  }

  @Override
  public Judgement judge(FileEvent event) throws IOException {
    return judge.judge(event);
  }
}
