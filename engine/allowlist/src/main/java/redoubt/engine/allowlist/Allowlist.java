package redoubt.engine.allowlist;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import redoubt.core.model.EventClass;
import redoubt.core.model.Provenance;
import redoubt.core.model.VerdictScope;
import redoubt.engine.kit.Content;
import redoubt.engine.kit.Engine;
import redoubt.engine.kit.EngineDescription;
import redoubt.engine.kit.FileContent;
import redoubt.engine.kit.FileEvent;
import redoubt.engine.kit.Judgement;
import redoubt.engine.kit.LoadResult;

/// Denies programs, and code that interpreters open, unless a package brought it or the owner
/// trusts it. Thread-safe.
///
/// The platform forgets verdicts when packages or the owner's trust change, so an ALLOW may be kept
/// for long. A DENY to root is for this once: a moment later a package manager may be at work.
final class Allowlist implements Engine {
  private static final String VERSION = "0.1.0";
  private static final Duration LONG = Duration.ofHours(24);
  private static final Duration SHORT = Duration.ofSeconds(60);

  private final boolean libraries;

  /// @param libraries whether machine code that any program opens is judged
  Allowlist(boolean libraries) {
    this.libraries = libraries;
  }

  @Override
  public EngineDescription describe() {
    return new EngineDescription(
        "Application control",
        "Redoubt",
        VERSION + (libraries ? " with libraries" : ""),
        "",
        Set.of(EventClass.EXEC, EventClass.OPEN),
        Set.of(),
        true);
  }

  @Override
  public LoadResult load(Content content) {
    throw new IllegalStateException("it has no content: the platform says where files come from");
  }

  @Override
  public Judgement judge(FileEvent event) throws IOException {
    Optional<Provenance> told = event.provenance();
    if (told.isEmpty()) {
      return Judgement.abstain("the platform did not say where the file comes from");
    }
    Provenance provenance = told.get();
    Standing standing = Standing.of(provenance);
    if (standing == Standing.INSTALLING) {
      return Judgement.allow().because(standing.reason(provenance));
    }
    if (standing.mayRun()) {
      return Judgement.allow().because(standing.reason(provenance)).cached(VerdictScope.FILE, LONG);
    }
    if (event.eventClass() == EventClass.EXEC) {
      return deny(event, "program", standing, provenance);
    }
    return judgeOpen(event, standing, provenance);
  }

  private Judgement judgeOpen(FileEvent event, Standing standing, Provenance provenance)
      throws IOException {
    String image = event.actor().imagePath();
    boolean runsCode = CodeUse.runsCode(image);
    boolean read = !provenance.writeOnly() && event.identity().sizeBytes() > 0;
    CodeUse use =
        read && (runsCode || libraries)
            ? CodeUse.of(image, event.path(), provenance.operand(), magic(event), libraries)
            : CodeUse.DATA;
    if (use != CodeUse.DATA) {
      return deny(event, use.word(), standing, provenance);
    }
    Judgement.Decided data = Judgement.allow().because("opened as data");
    // The next command may be told to run it.
    return runsCode ? data : data.cached(VerdictScope.FILE_AND_ACTOR, LONG);
  }

  private static int magic(FileEvent event) throws IOException {
    Optional<FileContent> content = event.content();
    if (content.isEmpty() || content.get().sizeBytes() < CodeUse.MAGIC_BYTES) {
      return 0;
    }
    byte[] first = new byte[CodeUse.MAGIC_BYTES];
    int count = content.get().read(first, 0, first.length, 0);
    return count < first.length ? 0 : ByteBuffer.wrap(first).getInt();
  }

  private static Judgement deny(
      FileEvent event, String what, Standing standing, Provenance provenance) {
    Judgement.Decided denied =
        Judgement.deny()
            .because(standing.reason(provenance))
            .matching((standing == Standing.CHANGED ? "changed-" : "unknown-") + what);
    boolean once = event.actor().uid() == 0 || event.eventClass() == EventClass.OPEN;
    return once ? denied : denied.cached(VerdictScope.FILE_AND_ACTOR, SHORT);
  }
}
