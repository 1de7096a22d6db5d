package redoubt.agent.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import redoubt.agent.health.TimeSource;

/// How many events each unprivileged user may have with one engine at a time: as many as the engine
/// answers promptly, so that what another user asks never queues long behind them inside the
/// engine.
///
/// A share begins small, grows with every prompt answer and is halved by a slow one, as a sender
/// finds out how much a network carries (RFC 5681). Root has no share. Not thread-safe.
final class ActorShares {
  /// An answer that takes longer shows that too much is with the engine: a quarter of the default
  /// soft deadline.
  static final long PROMPT_NANOS = 60_000_000L;

  private static final double FIRST = 4;
  private static final int REMEMBERED_USERS = 1_024;

  private static final class Share {
    private double limit = FIRST;
    private int inFlight;
    private long loweredNanos;
  }

  private final TimeSource time;
  private final Map<Integer, Share> shares =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Share> eldest) {
          return size() > REMEMBERED_USERS && eldest.getValue().inFlight == 0;
        }
      };

  ActorShares(TimeSource time) {
    this.time = time;
  }

  /// Whether a user may have one more event with the engine.
  ///
  /// @param credits all credits that the engine gave; one user gets a quarter of them at most
  boolean hasRoom(int uid, int credits) {
    if (uid == 0) {
      return true;
    }
    Share share = shares.get(uid);
    return share == null || share.inFlight < Math.min(Math.max(1, credits / 4), (int) share.limit);
  }

  /// An event of the user's was sent.
  void sent(int uid) {
    if (uid != 0) {
      shares.computeIfAbsent(uid, _ -> new Share()).inFlight++;
    }
  }

  /// The engine answered an event of the user's.
  void answered(int uid, long latencyNanos) {
    Share share = shares.get(uid);
    if (share == null) {
      return;
    }
    share.inFlight--;
    if (latencyNanos <= PROMPT_NANOS) {
      share.limit += 1 / share.limit;
    } else if (time.nanos() - share.loweredNanos > PROMPT_NANOS) {
      // What was sent before the share was lowered says nothing about the lower one.
      lower(share, share.limit / 2);
    }
  }

  /// The user's load kept the engine from answering in time: one event at a time, to begin anew.
  void blame(int uid) {
    if (uid != 0) {
      lower(shares.computeIfAbsent(uid, _ -> new Share()), 1);
    }
  }

  private void lower(Share share, double limit) {
    share.limit = Math.max(1, limit);
    share.loweredNanos = time.nanos();
  }
}
