package redoubt.agent.decision;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Sha256;

/// What is known of one content: its digest and the engines' verdicts, by engine slot. Immutable.
final class CacheEntry {
  private final FileIdentity file;
  private final Sha256 sha256;
  private final @Nullable CachedVerdict[] verdicts;

  CacheEntry(FileIdentity file, Sha256 sha256) {
    this(file, sha256, new @Nullable CachedVerdict[DecisionLimits.ENGINES]);
  }

  private CacheEntry(FileIdentity file, Sha256 sha256, @Nullable CachedVerdict[] verdicts) {
    this.file = file;
    this.sha256 = sha256;
    this.verdicts = verdicts;
  }

  FileIdentity file() {
    return file;
  }

  Sha256 sha256() {
    return sha256;
  }

  /// The verdict in a slot if it still counts for anybody, else null.
  @Nullable CachedVerdict verdict(int slot, long engineEpoch, long nowNanos) {
    CachedVerdict verdict = verdicts[slot];
    return verdict != null && verdict.current(engineEpoch, nowNanos) ? verdict : null;
  }

  /// The verdict in a slot, whether or not it still counts, else null.
  @Nullable CachedVerdict anyVerdict(int slot) {
    return verdicts[slot];
  }

  /// Returns this entry with one more verdict.
  CacheEntry with(int slot, CachedVerdict verdict) {
    @Nullable CachedVerdict[] copy = Arrays.copyOf(verdicts, verdicts.length);
    copy[slot] = verdict;
    return new CacheEntry(file, sha256, copy);
  }
}
