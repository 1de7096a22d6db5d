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
  private final long[] failed = new long[Byte.MAX_VALUE + 1];
  private final long[] setAside = new long[Byte.MAX_VALUE + 1];
  private final long[] members = new long[Byte.MAX_VALUE + 1];
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

  /// Hosts belong to a ring, or no longer if negative: those that are pinned hold nobody up.
  void belong(int ring, boolean areOnline, int hosts) {
    members[ring] += hosts;
    online[ring] += areOnline ? hosts : 0;
  }

  /// Hosts of a ring are well, or no longer if negative.
  public void confirm(int ring, int hosts) {
    confirmed[ring] += hosts;
  }

  /// A host of a ring does not do well with it.
  void fail(int ring) {
    failed[ring]++;
  }

  /// Hosts that failed count no more: the owner has judged.
  void setFailuresAside() {
    for (int ring = 0; ring < failed.length; ring++) {
      setAside[ring] += failed[ring];
      failed[ring] = 0;
    }
  }

  /// Whether so many of the open ring have failed that the next can never open.
  boolean isHopeless() {
    return failed[open] > 0 && there() - failed[open] < needed();
  }

  private long there() {
    return online[open] - setAside[open];
  }

  /// How many have to be well for the next ring to open: at least one where there are any, whether
  /// they are there or not.
  private double needed() {
    double most = Math.min(rings.get(open).minimumConfirmed(), MOST_OF_A_SMALL_RING * there());
    return members[open] > setAside[open] ? Math.max(1, most) : most;
  }

  /// Counts who is there anew: the rings have just been drawn.
  void begin(int now, HostTable hosts) {
    Arrays.fill(online, 0);
    Arrays.fill(members, 0);
    openedAt = now;
    for (int host = 0; host < hosts.size(); host++) {
      if (!hosts.is(host, HostTable.PINNED)) {
        belong(hosts.ring[host], hosts.is(host, HostTable.ONLINE), 1);
      }
    }
  }

  /// Whether the next one may open, as far as this one is concerned.
  public boolean isReady(int now) {
    if (open + 1 >= rings.size()) {
      return false;
    }
    Ring ring = rings.get(open);
    return now - openedAt >= ring.minimumSoak().toSeconds() && confirmed[open] >= needed();
  }

  /// Opens it.
  public void openNext(int now) {
    open++;
    openedAt = now;
  }
}
