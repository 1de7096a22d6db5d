package redoubt.engine.scanner;

import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EventClass;
import redoubt.core.model.VerdictScope;
import redoubt.engine.kit.Content;
import redoubt.engine.kit.Engine;
import redoubt.engine.kit.EngineDescription;
import redoubt.engine.kit.FileContent;
import redoubt.engine.kit.FileEvent;
import redoubt.engine.kit.Judgement;
import redoubt.engine.kit.LoadResult;
import redoubt.engine.kit.LoadResult.Problem;

/// Denies a file whose digest stands on the list in force, and allows every other that it could
/// read to the end.
///
/// Uses the platform's digest where there is one and reads the file only for digests that are
/// missing. A file that cannot be read before the deadline gets no verdict.
final class Scanner implements Engine {
  /// The SHA-256 of `spec/hash-list.abnf`.
  static final String SCHEMA_HASH =
      "942aa67d31d9bd4305ce97f6b8e22f5daf1b7ca6b63c9b0480a265cbe162458d";

  private static final String VERSION = "0.1.0";
  private static final Duration LIFETIME = Duration.ofDays(1);
  private static final int CHUNK_BYTES = 64 * 1024;

  private volatile @Nullable HashList list;

  @Override
  public EngineDescription describe() {
    Set<EventClass> classes = EnumSet.of(EventClass.EXEC, EventClass.OPEN);
    return new EngineDescription(
        "Redoubt scanner", "Redoubt", VERSION, SCHEMA_HASH, classes, Set.of());
  }

  @Override
  public LoadResult load(Content content) throws IOException {
    FileContent bytes = content.bytes();
    if (bytes.sizeBytes() > HashListReader.MAX_BYTES) {
      return refused("longer than " + HashListReader.MAX_BYTES + " bytes");
    }
    HashListReader reader = new HashListReader(bytes::read, bytes.sizeBytes());
    HashList loaded = reader.read();
    if (loaded.entries() > 0) {
      list = loaded;
      return new LoadResult.Loaded(loaded.entries(), reader.problems());
    }
    return reader.problems().isEmpty()
        ? refused("no entry")
        : new LoadResult.Refused(reader.problems());
  }

  @Override
  public Judgement judge(FileEvent event) throws IOException {
    HashList current = list;
    if (current == null) {
      return Judgement.abstain("no list is loaded");
    }
    Optional<HashList.Entry> known = findByPlatformDigest(current, event);
    Set<Algorithm> missing = missing(current, event);
    if (known.isPresent() || missing.isEmpty()) {
      return known.map(Scanner::deny).orElseGet(Scanner::allow);
    }
    Optional<FileContent> content = event.content();
    if (content.isEmpty()) {
      return Judgement.abstain("neither digest nor descriptor came with the event");
    }
    return judgeByReading(current, missing, event, content.get());
  }

  private static Optional<HashList.Entry> findByPlatformDigest(HashList list, FileEvent event)
      throws IOException {
    return event.sha256().isPresent()
        ? list.find(Algorithm.SHA256, event.sha256().get().toString())
        : Optional.empty();
  }

  private static Set<Algorithm> missing(HashList list, FileEvent event) {
    Set<Algorithm> missing = EnumSet.copyOf(list.algorithms());
    if (event.sha256().isPresent()) {
      missing.remove(Algorithm.SHA256);
    }
    return missing;
  }

  private static Judgement judgeByReading(
      HashList list, Set<Algorithm> missing, FileEvent event, FileContent content)
      throws IOException {
    Map<Algorithm, MessageDigest> digests = new EnumMap<>(Algorithm.class);
    missing.forEach(algorithm -> digests.put(algorithm, algorithm.newDigest()));
    byte[] chunk = new byte[CHUNK_BYTES];
    long position = 0;
    int count = content.read(chunk, 0, chunk.length, position);
    while (count > 0) {
      for (MessageDigest digest : digests.values()) {
        digest.update(chunk, 0, count);
      }
      position += count;
      count = content.read(chunk, 0, chunk.length, position);
      if (count > 0 && event.remaining().isZero()) {
        return Judgement.abstain(
            "not read in time: readBytes=" + position + " sizeBytes=" + content.sizeBytes());
      }
    }
    return lookUp(list, digests);
  }

  private static Judgement lookUp(HashList list, Map<Algorithm, MessageDigest> digests)
      throws IOException {
    for (Map.Entry<Algorithm, MessageDigest> each : digests.entrySet()) {
      String hex = HexFormat.of().formatHex(each.getValue().digest());
      Optional<HashList.Entry> known = list.find(each.getKey(), hex);
      if (known.isPresent()) {
        return deny(known.get());
      }
    }
    return allow();
  }

  private static Judgement allow() {
    return Judgement.allow().cached(VerdictScope.FILE, LIFETIME);
  }

  private static Judgement deny(HashList.Entry known) {
    String digest = known.algorithm().standardName() + " " + known.digest();
    String name = known.name().isEmpty() ? digest : known.name();
    return Judgement.deny()
        .cached(VerdictScope.FILE, LIFETIME)
        .because("on the list as " + name + ": " + digest)
        .matching(name);
  }

  private static LoadResult refused(String problem) {
    return new LoadResult.Refused(List.of(new Problem("list", problem)));
  }
}
