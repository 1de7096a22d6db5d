package redoubt.agent.decision;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import redoubt.agent.hook.FileFacts;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Sha256;

/// Verdicts by content of a file, per engine: the reason why the second exec of a program costs no
/// question.
///
/// Set-associative and lossy: a full set forgets the entry that was stored longest ago. Reading is
/// lock-free and allocates nothing; storing copies one small entry. Thread-safe. Only contents that
/// were held still while they were judged are stored, and none whose change time is so young that a
/// later change could bear the same one (`linux-hooks`, F32).
final class VerdictCache {
  private static final int WAYS = 4;

  private final AtomicReferenceArray<@Nullable CacheEntry> entries;
  private final int setMask;

  /// @param capacity the most entries, a power of two of at least 4
  VerdictCache(int capacity) {
    if (Integer.bitCount(capacity) != 1 || capacity < WAYS) {
      throw new IllegalArgumentException("capacity must be a power of two from 4: " + capacity);
    }
    entries = new AtomicReferenceArray<>(capacity);
    setMask = capacity / WAYS - 1;
  }

  /// Finds what is known of a content.
  @Nullable CacheEntry find(FileFacts file) {
    int set = setOf(file.device(), file.inode());
    for (int way = 0; way < WAYS; way++) {
      CacheEntry entry = entries.get(set + way);
      if (entry != null && file.matches(entry.file())) {
        return entry;
      }
    }
    return null;
  }

  /// The digest of a content that is kept, else null.
  @Nullable Sha256 digestOf(FileIdentity file) {
    int slot = find(setOf(file.device(), file.inode()), file);
    CacheEntry entry = slot < 0 ? null : entries.get(slot);
    return entry != null && entry.file().equals(file) ? entry.sha256() : null;
  }

  /// Keeps a content's digest, in place of any earlier content of the same file.
  ///
  /// @param wallNanos the wall clock now, in nanoseconds since the epoch
  /// @return whether it was kept
  boolean keep(FileIdentity file, Sha256 sha256, long wallNanos) {
    if (!file.isSettled(wallNanos)) {
      return false;
    }
    synchronized (this) {
      int set = setOf(file.device(), file.inode());
      int slot = find(set, file);
      CacheEntry present = slot < 0 ? null : entries.get(slot);
      if (present == null || !present.file().equals(file)) {
        moveDown(set, slot < 0 ? set + WAYS - 1 : slot);
        entries.set(set, new CacheEntry(file, sha256));
      }
      return true;
    }
  }

  /// Adds a verdict to a content that is kept; forgotten contents stay forgotten.
  synchronized void judge(FileIdentity file, int engineSlot, CachedVerdict verdict) {
    int slot = find(setOf(file.device(), file.inode()), file);
    CacheEntry present = slot < 0 ? null : entries.get(slot);
    if (present != null && present.file().equals(file)) {
      entries.set(slot, present.with(engineSlot, verdict));
    }
  }

  /// The place of the same file, whatever its content was, or -1.
  private int find(int set, FileIdentity file) {
    for (int way = 0; way < WAYS; way++) {
      CacheEntry entry = entries.get(set + way);
      if (entry != null
          && entry.file().inode() == file.inode()
          && entry.file().device() == file.device()) {
        return set + way;
      }
    }
    return -1;
  }

  /// Makes the first way of a set free by moving the others down over `hole`.
  private void moveDown(int set, int hole) {
    for (int slot = hole; slot > set; slot--) {
      entries.set(slot, entries.get(slot - 1));
    }
  }

  private int setOf(long device, long inode) {
    long mixed = (inode * 0x9E3779B97F4A7C15L) ^ (device * 0xC2B2AE3D27D4EB4FL);
    mixed ^= mixed >>> 32;
    return ((int) mixed & setMask) * WAYS;
  }
}
