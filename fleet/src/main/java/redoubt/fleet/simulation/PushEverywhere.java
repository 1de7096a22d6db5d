package redoubt.fleet.simulation;

import java.util.List;
import redoubt.fleet.rollout.Lease;
import redoubt.fleet.rollout.RolloutCommand;
import redoubt.fleet.rollout.RolloutController;
import redoubt.fleet.rollout.RolloutEvent;

/// No controller: whoever asks gets it, until somebody takes it back by hand.
final class PushEverywhere implements RolloutController {
  private final String digest;
  private final long untilSeconds;
  private int leases;

  PushEverywhere(String digest, long untilSeconds) {
    this.digest = digest;
    this.untilSeconds = untilSeconds;
  }

  @Override
  public List<RolloutCommand> step(RolloutEvent event, long nowSeconds) {
    if (event instanceof RolloutEvent.LeaseRequested(int host) && nowSeconds < untilSeconds) {
      return List.of(
          new RolloutCommand.GrantLease(new Lease(host, digest, 0, untilSeconds, ++leases)));
    }
    return List.of();
  }
}
