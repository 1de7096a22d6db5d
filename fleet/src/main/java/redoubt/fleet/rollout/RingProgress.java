package redoubt.fleet.rollout;

import java.util.Arrays;
import java.util.List;

/// Which rings are open, and whether the next may be. Used by the controller and by the simulation
/// of cohorts.
public final class RingProgress {
  private static final double MOST_OF_A_SMALL_RING = 0.9;

  private final List<Ring> rings;
  private final long[] online;
  private final long[] confirmed;
  private int open;
  private int openedAt;

  /// Begins with the first one open.
  public RingProgress(List<Ring> rings) {
    this.rings = rings;
    this.online = new long[Byte.MAX_VALUE + 1];
    this.confirmed = new long[Byte.MAX_VALUE + 1];
  }

  /// The last one that is open.
  public int open() {
    return open;
  }

  /// Hosts of a ring came, or went if negative.
  public void count(int ring, int hosts) {
    online[ring] += hosts;
  }

  /// Hosts of a ring are well, or no longer if negative.
  public void confirm(int ring, int hosts) {
    confirmed[ring] += hosts;
  }

  /// Counts who is there anew: the rings have just been drawn.
  void begin(int now, HostTable hosts) {
    Arrays.fill(online, 0);
    openedAt = now;
    for (int host = 0; host < hosts.size(); host++) {
      if (hosts.is(host, HostTable.ONLINE)) {
        count(hosts.ring[host], 1);
      }
    }
  }

  /// Whether the next one may open, as far as this one is concerned.
  public boolean isReady(int now) {
    if (open + 1 >= rings.size()) {
      return false;
    }
    Ring ring = rings.get(open);
    double needed = Math.min(ring.minimumConfirmed(), MOST_OF_A_SMALL_RING * online[open]);
    return now - openedAt >= ring.minimumSoak().toSeconds() && confirmed[open] >= needed;
  }

  /// Opens it.
  public void openNext(int now) {
    open++;
    openedAt = now;
  }
}
