package redoubt.agent.scan;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import redoubt.agent.decision.EngineLink;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Sha256;

/// The contents in which nothing was found, by their identity and by the engines with their
/// content: the reason why an unchanged file is looked at once.
///
/// Only digests of what identifies them are kept, 20 bytes for each content, and room is made when
/// it is needed. Set-associative and lossy: a full set forgets what it has had longest. Nothing
/// outlives the agent: after a boot a disk may have been changed elsewhere. Thread-safe.
final class KnownScans {
  /// A digest of a content and of whom it was shown to.
  record Key(long high, long low) {}

  private static final int WAYS = 8;
  private static final int FIRST_SETS = 128;

  /// So 1,048,576 contents, 20 MiB.
  private static final int MOST_SETS = 131_072;

  /// More sets are made when a quarter of the places is taken: by then hardly any set is full. At
  /// half, one content of a hundred would be forgotten, and looked at again each time.
  private static final int FULL = 4;

  private static final int IDENTITY_LONGS = 6;

  private int sets = FIRST_SETS;
  private long[] keys = new long[2 * WAYS * FIRST_SETS];
  private int[] expiries = new int[WAYS * FIRST_SETS];
  private int stored;

  /// Names a content as these engines see it.
  ///
  /// @param engines the engines by slot, null where none is asked
  static Key keyOf(FileIdentity file, @Nullable EngineLink[] engines) {
    ByteBuffer parts = ByteBuffer.allocate((IDENTITY_LONGS + engines.length) * Long.BYTES);
    parts.putLong(file.device()).putLong(file.inode());
    parts.putLong(file.changeNanos()).putLong(file.modifyNanos());
    parts.putLong(file.birthNanos()).putLong(file.sizeBytes());
    for (EngineLink engine : engines) {
      parts.putLong(engine == null ? 0 : engine.epoch());
    }
    Sha256 digest = Sha256.hash(parts.array());
    // No digest is 0, which means an empty place.
    return new Key(digest.a() | 1, digest.b());
  }

  /// Whether nothing was found in a content, and that still counts.
  ///
  /// @param nowSeconds on the clock of [#add]
  synchronized boolean contains(Key key, int nowSeconds) {
    int place = find(key);
    return place >= 0 && expiries[place] > nowSeconds;
  }

  /// Keeps that nothing was found.
  ///
  /// @param expirySeconds until when that counts
  synchronized void add(Key key, int expirySeconds) {
    if (stored > WAYS * sets / FULL && sets < MOST_SETS) {
      grow();
    }
    int found = find(key);
    int first = setOf(key) * WAYS;
    int hole = found >= 0 ? found : first + WAYS - 1;
    if (found < 0 && keys[2 * hole] == 0) {
      stored++;
    }
    System.arraycopy(keys, 2 * first, keys, 2 * first + 2, 2 * (hole - first));
    System.arraycopy(expiries, first, expiries, first + 1, hole - first);
    put(first, key, expirySeconds);
  }

  private void put(int place, Key key, int expirySeconds) {
    keys[2 * place] = key.high();
    keys[2 * place + 1] = key.low();
    expiries[place] = expirySeconds;
  }

  private int find(Key key) {
    int first = setOf(key) * WAYS;
    for (int place = first; place < first + WAYS; place++) {
      if (keys[2 * place] == key.high() && keys[2 * place + 1] == key.low()) {
        return place;
      }
    }
    return -1;
  }

  /// Makes twice as many sets; what was in one set comes into two, so that all find room.
  private void grow() {
    long[] oldKeys = keys;
    int[] oldExpiries = expiries;
    sets *= 2;
    keys = new long[2 * oldKeys.length];
    expiries = new int[2 * oldExpiries.length];
    for (int place = 0; place < oldExpiries.length; place++) {
      if (oldKeys[2 * place] != 0) {
        Key key = new Key(oldKeys[2 * place], oldKeys[2 * place + 1]);
        int free = setOf(key) * WAYS;
        while (keys[2 * free] != 0) {
          free++;
        }
        put(free, key, oldExpiries[place]);
      }
    }
  }

  private int setOf(Key key) {
    return (int) (key.low() >>> 8) & (sets - 1);
  }
}
