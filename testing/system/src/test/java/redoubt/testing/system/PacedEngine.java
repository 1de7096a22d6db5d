package redoubt.testing.system;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import redoubt.core.model.EventClass;
import redoubt.core.model.VerdictScope;
import redoubt.engine.kit.Content;
import redoubt.engine.kit.Engine;
import redoubt.engine.kit.EngineDescription;
import redoubt.engine.kit.EngineHost;
import redoubt.engine.kit.FileEvent;
import redoubt.engine.kit.Judgement;
import redoubt.engine.kit.LoadResult;

/// An engine for tests, written as a vendor would: takes its time over every event and denies what
/// it is told to deny.
final class PacedEngine implements Engine {
  private final long paceNanos;
  private final String denied;
  private final boolean remembered;

  private PacedEngine(Duration pace, String denied, boolean remembered) {
    this.paceNanos = pace.toNanos();
    this.denied = denied;
    this.remembered = remembered;
  }

  /// Arguments: the pace in milliseconds; a word that denies every path that contains it `file` if
  /// verdicts may be cached for the content, `event` if not.
  public static void main(String[] arguments) {
    Duration pace = Duration.ofMillis(Long.parseLong(arguments[0]));
    System.exit(EngineHost.serve(new PacedEngine(pace, arguments[1], arguments[2].equals("file"))));
  }

  @Override
  public EngineDescription describe() {
    Set<EventClass> classes = EventClass.answerable();
    return new EngineDescription("Paced engine", "Redoubt tests", "1", "", classes, Set.of());
  }

  @Override
  public LoadResult load(Content content) {
    throw new IllegalStateException("an engine without content was given some");
  }

  @Override
  public Judgement judge(FileEvent event) {
    long end = System.nanoTime() + paceNanos;
    for (long left = paceNanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
    }
    Judgement.Decided decided =
        event.path().contains(denied)
            ? Judgement.deny().because("its path contains " + denied).matching(denied)
            : Judgement.allow();
    return remembered ? decided.cached(VerdictScope.FILE, Duration.ofHours(1)) : decided;
  }
}
