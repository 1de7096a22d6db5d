package redoubt.server.rollouts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redoubt.core.wire.BundleName;
import redoubt.fleet.rollout.Bundle;
import redoubt.fleet.rollout.Rollout;
import redoubt.fleet.rollout.RolloutCommand;
import redoubt.fleet.rollout.RolloutEvent;
import redoubt.fleet.rollout.RolloutPlan;
import redoubt.fleet.rollout.RolloutStatus;
import redoubt.fleet.rollout.Watch;
import redoubt.server.store.RolloutEntry;

/// One rollout that is driven. For one thread.
final class LiveRollout {
  private static final System.Logger LOG = System.getLogger("redoubt.server");

  private final RolloutEntry entry;
  private final RolloutPlan plan;
  private final Rollout controller;

  /// What hosts drew for their last requests.
  private final Map<Integer, Asked> asked = new HashMap<>();

  private int enrolled;
  private Optional<RolloutCommand.Halt> halt = Optional.empty();

  /// A request for a lease.
  ///
  /// @param nonce that the host drew
  /// @param atSeconds when it came
  record Asked(long nonce, long atSeconds) {}

  LiveRollout(RolloutEntry entry, int expectedHosts) {
    this.entry = entry;
    plan =
        entry
            .channel()
            .plan(
                bundle(entry.bundle()),
                entry.salt(),
                entry.holdback(),
                Watch.USUAL.withSoak(entry.soakSeconds()));
    controller = new Rollout(plan, List.of(), expectedHosts);
  }

  private static Bundle bundle(BundleName name) {
    Bundle.Kind kind =
        name.engine().released().isPresent() ? Bundle.Kind.ENGINE : Bundle.Kind.CONTENT;
    return new Bundle(name.vendor(), name.sha256().toString(), kind);
  }

  RolloutEntry entry() {
    return entry;
  }

  /// Up to which number hosts are enrolled in it.
  int enrolled() {
    return enrolled;
  }

  boolean isRunning() {
    return controller.status().running();
  }

  RolloutView view() {
    RolloutStatus status = controller.status();
    return new RolloutView(
        entry,
        Optional.of(status),
        plan.rings().get(status.ring()).name(),
        controller.rings(),
        halt);
  }

  /// Tells the controller. What it refuses, it refuses again when the journal is read.
  List<RolloutCommand> step(RolloutEvent event, long nowSeconds) {
    try {
      List<RolloutCommand> commands = controller.step(event, nowSeconds);
      if (event instanceof RolloutEvent.HostEnrolled(int host, _)) {
        enrolled = Math.max(enrolled, host + 1);
      }
      for (RolloutCommand command : commands) {
        if (command instanceof RolloutCommand.Halt halted) {
          halt = Optional.of(halted);
        }
      }
      return commands;
    } catch (IllegalArgumentException e) {
      LOG.log(System.Logger.Level.WARNING, "an event is left out: rollout=" + entry.id(), e);
      return List.of();
    }
  }

  void asked(int host, Asked request) {
    asked.put(host, request);
  }

  /// The open request of a host, once.
  Optional<Asked> takeRequest(int host) {
    return Optional.ofNullable(asked.remove(host));
  }

  /// Whether it is about that bundle.
  boolean isOf(BundleName bundle) {
    return entry.bundle().sha256().equals(bundle.sha256());
  }
}
