package redoubt.fleet.rollout;

import static redoubt.fleet.rollout.HostTable.ONLINE;

import java.util.Arrays;
import java.util.function.IntConsumer;

/// Finds hosts that have fallen silent: a part of the fleet at each tick, all of it in 15 seconds.
final class SilenceWatch {
  private static final int SWEEP_SECONDS = 15;

  /// One site counts once in this time: when its line fails, that is one event and not a hundred.
  private static final int SITE_SECONDS = 600;

  private final HostTable hosts;
  private final int silentAfterSeconds;
  private int[] siteSilentAt = new int[0];
  private int sweptTo;

  SilenceWatch(HostTable hosts, int silentAfterSeconds) {
    this.hosts = hosts;
    this.silentAfterSeconds = silentAfterSeconds;
  }

  /// Looks at the next hosts.
  ///
  /// @param seconds how much time has passed since the last look
  /// @param found gets each that is silent
  void sweep(int now, int seconds, IntConsumer found) {
    long part = (long) hosts.size() * seconds / SWEEP_SECONDS + 1;
    int silentSince = now - silentAfterSeconds;
    for (long i = Math.min(part, hosts.size()); i > 0; i--) {
      sweptTo = sweptTo + 1 < hosts.size() ? sweptTo + 1 : 0;
      if (hosts.lastHeard[sweptTo] < silentSince && hosts.is(sweptTo, ONLINE)) {
        found.accept(sweptTo);
      }
    }
  }

  /// Whether a silence at this site is news; if so, the next ten minutes bring none.
  boolean isNews(int site, int now) {
    if (site >= siteSilentAt.length) {
      int known = siteSilentAt.length;
      siteSilentAt = Arrays.copyOf(siteSilentAt, site + 1 + site / 2);
      Arrays.fill(siteSilentAt, known, siteSilentAt.length, -SITE_SECONDS);
    }
    boolean news = now - siteSilentAt[site] >= SITE_SECONDS;
    if (news) {
      siteSilentAt[site] = now;
    }
    return news;
  }

  /// How far it has come, which is a part of the state.
  int sweptTo() {
    return sweptTo;
  }
}
