package redoubt.fleet.rollout;

import java.util.List;

/// All that the owner decides about a rollout before it begins.
///
/// @param bundle what
/// @param salt makes the draw of rings; secret, so that no host can choose its ring
/// @param rings in their order; at least one
/// @param holdback the share of hosts that never gets it in this rollout and is compared with, 0 to
///   0.5
/// @param flow how fast
/// @param watch how it is watched
public record RolloutPlan(
    Bundle bundle, long salt, List<Ring> rings, double holdback, Flow flow, Watch watch) {
  private static final int MOST_RINGS = 100;

  public RolloutPlan {
    rings = List.copyOf(rings);
    if (rings.isEmpty() || rings.size() > MOST_RINGS) {
      throw new IllegalArgumentException("number of rings out of range: rings=" + rings.size());
    }
    if (!(holdback >= 0 && holdback <= 0.5)) {
      throw new IllegalArgumentException("share out of range: holdback=" + holdback);
    }
  }
}
