package redoubt.agent.decision;

import java.util.HashMap;
import java.util.Map;

/// Counts the operations that wait for engines or examiners, in all and of each user, so that one
/// user's flood is answered unscanned before it takes anybody else's place. Thread-safe; the lock
/// is held for a few instructions only.
final class WaitingRoom {
  private final int most;
  private final int mostPerActor;
  private final Map<Integer, Integer> byActor = new HashMap<>();
  private int size;

  /// @param most how many operations may wait
  /// @param mostPerActor how many of one unprivileged user; root (0) may fill the room
  WaitingRoom(int most, int mostPerActor) {
    this.most = most;
    this.mostPerActor = mostPerActor;
  }

  /// Counts an operation of a user in, whatever the answer; [#leave] counts it out.
  ///
  /// @return whether it may wait
  synchronized FairQueue.Offered enter(int uid) {
    size++;
    int own = byActor.merge(uid, 1, Integer::sum);
    if (uid != 0 && own > mostPerActor) {
      return FairQueue.Offered.ACTOR_FULL;
    }
    return size > most ? FairQueue.Offered.FULL : FairQueue.Offered.TAKEN;
  }

  /// Counts an operation of a user out.
  synchronized void leave(int uid) {
    size--;
    byActor.computeIfPresent(uid, (_, count) -> count > 1 ? count - 1 : null);
  }

  /// How many operations wait.
  synchronized int size() {
    return size;
  }
}
