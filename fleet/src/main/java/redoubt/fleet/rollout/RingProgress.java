package redoubt.fleet.rollout;

import java.util.Arrays;
import java.util.List;

/// Which rings are open, and whether the next may be.
final class RingProgress {
  private static final double MOST_OF_A_SMALL_RING = 0.9;

  private final List<Ring> rings;
  private final long[] online;
  private final long[] confirmed;
  private int open;
  private int openedAt;

  RingProgress(List<Ring> rings) {
    this.rings = rings;
    this.online = new long[Byte.MAX_VALUE + 1];
    this.confirmed = new long[Byte.MAX_VALUE + 1];
  }

  int open() {
    return open;
  }

  void count(int ring, int hosts) {
    online[ring] += hosts;
  }

  void confirm(int ring, int hosts) {
    confirmed[ring] += hosts;
  }

  /// Forgets who is there: the rings have just been drawn.
  void begin(int now) {
    Arrays.fill(online, 0);
    openedAt = now;
  }

  boolean isReady(int now) {
    if (open + 1 >= rings.size()) {
      return false;
    }
    Ring ring = rings.get(open);
    double needed = Math.min(ring.minimumConfirmed(), MOST_OF_A_SMALL_RING * online[open]);
    return now - openedAt >= ring.minimumSoak().toSeconds() && confirmed[open] >= needed;
  }

  void openNext(int now) {
    open++;
    openedAt = now;
  }
}
