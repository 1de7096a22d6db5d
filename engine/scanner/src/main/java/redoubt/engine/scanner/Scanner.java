package redoubt.engine.scanner;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EventClass;
import redoubt.engine.kit.Content;
import redoubt.engine.kit.Engine;
import redoubt.engine.kit.EngineDescription;
import redoubt.engine.kit.FileContent;
import redoubt.engine.kit.FileEvent;
import redoubt.engine.kit.Judgement;
import redoubt.engine.kit.LoadResult;

/// Denies a file whose digest stands on a list in force or for whose content a rule holds, and
/// allows every other that it could look at as a whole.
///
/// Uses the platform's digest where there is one and reads the file only for what is missing. A
/// file that cannot be looked at before the deadline gets no verdict.
final class Scanner implements Engine {
  /// The SHA-256 of `spec/scanner-content.md`.
  static final String SCHEMA_HASH =
      "0741db08faeb4a89ec7023fc0efbedf5d11a1d4a7bffa3c015b09f2ce0d6f283";

  private static final String VERSION = "0.2.0";

  private final RuleScan ruleScan = new RuleScan();
  private volatile @Nullable ScanContent content;

  @Override
  public EngineDescription describe() {
    return new EngineDescription(
        "Redoubt scanner", "Redoubt", VERSION, SCHEMA_HASH, EventClass.answerable(), Set.of());
  }

  @Override
  public LoadResult load(Content loaded) throws IOException {
    ScanContentReader reader = new ScanContentReader(loaded.bytes(), loaded.bytes().sizeBytes());
    Optional<ScanContent> read = reader.read();
    if (read.isEmpty()) {
      return new LoadResult.Refused(reader.problems());
    }
    content = read.get();
    ruleScan.forgetSpeed();
    return new LoadResult.Loaded(read.get().entries(), reader.problems());
  }

  @Override
  public Judgement judge(FileEvent event) throws IOException {
    ScanContent current = content;
    if (current == null) {
      return Judgement.abstain("no content is loaded");
    }
    Optional<HashList.Entry> known = findByPlatformDigest(current, event);
    if (known.isPresent()) {
      return Judgements.onList(known.get());
    }
    Set<Algorithm> missing = missing(current, event);
    boolean whole = current.rules().isPresent() || event.eventClass() == EventClass.SCAN;
    if (missing.isEmpty() && !whole) {
      return Judgements.nothingFound();
    }
    Optional<FileContent> bytes = event.content();
    if (bytes.isEmpty()) {
      return Judgement.abstain("what was needed of the file did not come with the event");
    }
    return whole
        ? ruleScan.judge(current, missing, event, bytes.get())
        : new DigestScan(current, missing).judge(event, bytes.get());
  }

  private static Optional<HashList.Entry> findByPlatformDigest(ScanContent content, FileEvent event)
      throws IOException {
    return event.sha256().isPresent()
        ? content.find(Algorithm.SHA256, event.sha256().get().toString())
        : Optional.empty();
  }

  private static Set<Algorithm> missing(ScanContent content, FileEvent event) {
    Set<Algorithm> missing = content.algorithms();
    if (event.sha256().isPresent()) {
      missing.remove(Algorithm.SHA256);
    }
    return missing;
  }
}
