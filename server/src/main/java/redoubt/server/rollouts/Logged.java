package redoubt.server.rollouts;

import redoubt.fleet.rollout.RolloutEvent;

/// An event as it stands in the journal.
///
/// @param rollout which rollout hears of it; [#ALL] for each
record Logged(int rollout, RolloutEvent event) {
  /// What is about the fleet and not about one rollout.
  static final int ALL = 0;
}
