package redoubt.engine.clamav;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import redoubt.core.model.EventClass;
import redoubt.core.model.VerdictScope;
import redoubt.engine.kit.Content;
import redoubt.engine.kit.Engine;
import redoubt.engine.kit.EngineDescription;
import redoubt.engine.kit.FileContent;
import redoubt.engine.kit.FileEvent;
import redoubt.engine.kit.Judgement;
import redoubt.engine.kit.LoadResult;

/// Puts every file to clamd, and passes on what it says.
///
/// Clamd has its own signatures and its own limits, and reads the very file through the descriptor
/// that is passed to it. Its version and that of its signatures are part of this engine's version,
/// so that the platform forgets old verdicts when they change; a change ends this process, which
/// comes back with the new one ([#changed()]). Thread-safe.
final class ClamAv implements Engine {
  private static final String VERSION = "0.1.0";

  /// How long clamd is waited for when it is asked about itself.
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// An answer after the deadline still counts, and the file is known from then on; but whoever
  /// comes next is waiting too.
  private static final Duration LATE = Duration.ofSeconds(10);

  /// Signatures of the owner's own have no version that shows when they change.
  private static final Duration LIFETIME = Duration.ofHours(24);

  private static final int MOST_VERSION_CHARS = 100;

  private final Clamd clamd;

  /// Empty if clamd was not there.
  private final String itsVersion;

  ClamAv(Clamd clamd) {
    this.clamd = clamd;
    this.itsVersion = ask().orElse("");
  }

  private Optional<String> ask() {
    try {
      String said = clamd.version(PATIENCE).strip();
      return said.isEmpty()
          ? Optional.empty()
          : Optional.of(said.substring(0, Math.min(said.length(), MOST_VERSION_CHARS)));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// Asks clamd again which signatures it has.
  ///
  /// @return what it has now, if it is there and has others than when this engine began
  Optional<String> changed() {
    return ask().filter(now -> !now.equals(itsVersion));
  }

  @Override
  public EngineDescription describe() {
    return new EngineDescription(
        "ClamAV",
        "Redoubt",
        VERSION + " with " + (itsVersion.isEmpty() ? "no clamd" : itsVersion),
        "",
        EventClass.answerable(),
        Set.of());
  }

  @Override
  public LoadResult load(Content content) {
    throw new IllegalStateException("clamd has its signatures from its owner");
  }

  @Override
  public Judgement judge(FileEvent event) throws IOException {
    Optional<FileContent> file = event.content();
    if (file.isEmpty()) {
      return Judgement.abstain("the file did not come with the event");
    }
    if (itsVersion.isEmpty()) {
      return Judgement.abstain("clamd was not there when this engine began");
    }
    Duration remaining = event.remaining();
    if (remaining.isZero()) {
      return Judgement.abstain("it was too late to ask clamd");
    }
    boolean mayBeLate = event.eventClass() != EventClass.SCAN && remaining.compareTo(LATE) < 0;
    try {
      return judgement(clamd.scan(file.get(), mayBeLate ? LATE : remaining));
    } catch (SocketTimeoutException _) {
      return Judgement.abstain("clamd did not answer in time");
    } catch (IOException e) {
      return Judgement.abstain(String.valueOf(e.getMessage()));
    }
  }

  private static Judgement judgement(ClamdAnswer answer) {
    return switch (answer) {
      case ClamdAnswer.Clean() -> kept(Judgement.allow().because("clamd found nothing"));
      case ClamdAnswer.Found(var signature) ->
          kept(
              Judgement.deny()
                  .wishingQuarantine()
                  .because("clamd found " + signature)
                  .matching(signature));
      case ClamdAnswer.Unknown(var why) -> Judgement.abstain("clamd: " + why);
    };
  }

  private static Judgement kept(Judgement.Decided decided) {
    return decided.cached(VerdictScope.FILE, LIFETIME);
  }
}
