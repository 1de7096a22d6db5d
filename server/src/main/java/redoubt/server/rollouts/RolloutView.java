package redoubt.server.rollouts;

import java.util.List;
import java.util.Optional;
import redoubt.fleet.rollout.RingStatus;
import redoubt.fleet.rollout.RolloutCommand;
import redoubt.fleet.rollout.RolloutStatus;
import redoubt.server.store.RolloutEntry;

/// A rollout, for people. Immutable.
///
/// @param entry what was decided
/// @param status what it has come to; nothing once it was put aside
/// @param ring the name of the last ring that is open; empty once it was put aside
/// @param rings how each does; none once it was put aside
/// @param halt why its controller has halted it last, if it has
public record RolloutView(
    RolloutEntry entry,
    Optional<RolloutStatus> status,
    String ring,
    List<RingStatus> rings,
    Optional<RolloutCommand.Halt> halt) {
  public RolloutView {
    rings = List.copyOf(rings);
  }
}
