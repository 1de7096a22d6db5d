package redoubt.fleet.rollout;

import static redoubt.fleet.rollout.HostTable.ACTIVE;
import static redoubt.fleet.rollout.HostTable.CONFIRMED;
import static redoubt.fleet.rollout.HostTable.FAILED;
import static redoubt.fleet.rollout.HostTable.LEASED;

import java.util.ArrayList;
import java.util.List;

/// How one ring does. Immutable.
///
/// @param name for people
/// @param open whether its hosts may have the bundle
/// @param hosts how many are in it
/// @param exposed how many have a lease and are not confirmed
/// @param confirmed how many are well with it
/// @param failed how many were not, or were sent back
public record RingStatus(
    String name, boolean open, int hosts, int exposed, int confirmed, int failed) {
  /// Those of a rollout, in order, and, last, the hosts that the others are compared with.
  ///
  /// @param lastOpen the last one that is open
  static List<RingStatus> of(List<Ring> rings, int lastOpen, HostTable table) {
    int[][] counts = new int[Byte.MAX_VALUE + 1][4];
    for (int host = 0; host < table.size(); host++) {
      int[] of = counts[table.ring[host]];
      byte status = table.status[host];
      of[0]++;
      of[1] += status == LEASED || status == ACTIVE ? 1 : 0;
      of[2] += status == CONFIRMED ? 1 : 0;
      of[3] += status >= FAILED ? 1 : 0;
    }
    List<RingStatus> all = new ArrayList<>();
    for (int ring = 0; ring < rings.size(); ring++) {
      all.add(of(rings.get(ring).name(), ring <= lastOpen, counts[ring]));
    }
    all.add(of("held back", false, counts[RingDraw.HELD_BACK]));
    return all;
  }

  private static RingStatus of(String name, boolean open, int[] counts) {
    return new RingStatus(name, open, counts[0], counts[1], counts[2], counts[3]);
  }
}
