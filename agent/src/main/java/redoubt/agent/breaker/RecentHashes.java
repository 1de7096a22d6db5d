package redoubt.agent.breaker;

import redoubt.core.model.FileIdentity;

/// A set of the latest file identities, as hashes, in fixed memory: a newer one may take the place
/// of an older one. For one thread at a time.
final class RecentHashes {
  /// How many places a hash may be in.
  private static final int WAYS = 4;

  private final long[] hashes;
  private int turn;

  /// @param size a power of two
  RecentHashes(int size) {
    this.hashes = new long[size];
  }

  /// A hash of which equal ones mean the same content, but for one case in 2^64; never 0.
  static long hashOf(FileIdentity file) {
    long hash = mix(file.device());
    hash = mix(hash ^ file.inode());
    hash = mix(hash ^ file.changeNanos());
    hash = mix(hash ^ file.modifyNanos());
    hash = mix(hash ^ file.birthNanos());
    hash = mix(hash ^ file.sizeBytes());
    return hash == 0 ? 1 : hash;
  }

  /// The finalizer of MurmurHash3 (Appleby), which is a bijection.
  private static long mix(long value) {
    long z = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }

  void add(long hash) {
    int first = (int) hash & (hashes.length - WAYS);
    for (int i = first; i < first + WAYS; i++) {
      if (hashes[i] == hash || hashes[i] == 0) {
        hashes[i] = hash;
        return;
      }
    }
    turn = (turn + 1) % WAYS;
    hashes[first + turn] = hash;
  }

  boolean contains(long hash) {
    int first = (int) hash & (hashes.length - WAYS);
    for (int i = first; i < first + WAYS; i++) {
      if (hashes[i] == hash) {
        return true;
      }
    }
    return false;
  }
}
