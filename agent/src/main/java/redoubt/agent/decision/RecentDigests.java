package redoubt.agent.decision;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Sha256;

/// The digests computed of late, also of contents that no verdict is remembered for: to be told of,
/// never to decide by. Lossy: a file takes the place of another. Thread-safe; nobody waits.
final class RecentDigests {
  /// A power of two.
  private static final int PLACES = 1_024;

  private final AtomicReferenceArray<@Nullable Entry> entries = new AtomicReferenceArray<>(PLACES);

  private record Entry(FileIdentity file, Sha256 sha256) {}

  void note(FileIdentity file, Sha256 sha256) {
    entries.set(placeOf(file), new Entry(file, sha256));
  }

  /// The digest of this content of this file, if it is remembered.
  @Nullable Sha256 find(FileIdentity file) {
    Entry entry = entries.get(placeOf(file));
    return entry != null && entry.file().equals(file) ? entry.sha256() : null;
  }

  private static int placeOf(FileIdentity file) {
    long mixed = (file.inode() ^ Long.rotateLeft(file.device(), 17)) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) & (PLACES - 1);
  }
}
