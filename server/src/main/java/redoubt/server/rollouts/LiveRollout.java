package redoubt.server.rollouts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redoubt.core.wire.BundleName;
import redoubt.fleet.rollout.Bundle;
import redoubt.fleet.rollout.HostTraits;
import redoubt.fleet.rollout.MaintenanceWindow;
import redoubt.fleet.rollout.OwnerOrder;
import redoubt.fleet.rollout.Ring;
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

  private final List<HostTraits> hosts = new ArrayList<>();
  private final Map<Integer, MaintenanceWindow> windows = new HashMap<>();
  private Optional<RolloutCommand.Halt> halt = Optional.empty();

  /// A request for a lease.
  ///
  /// @param nonce that the host drew
  /// @param atSeconds when it came
  record Asked(long nonce, long atSeconds) {}

  /// @param rings its own; without any they are those of its channel
  LiveRollout(RolloutEntry entry, List<Ring> rings, int expectedHosts) {
    this.entry = entry;
    Watch watch = Watch.USUAL.withSoak(entry.soakSeconds());
    Bundle bundle = bundle(entry.bundle());
    plan =
        rings.isEmpty()
            ? entry.channel().plan(bundle, entry.salt(), entry.holdback(), watch)
            : entry.channel().plan(bundle, entry.salt(), rings, entry.holdback(), watch);
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

  /// Whether it knows of no host yet.
  boolean isNew() {
    return hosts.isEmpty();
  }

  /// As what it knows a host; null if it does not.
  @Nullable HostTraits described(int host) {
    return host < hosts.size() ? hosts.get(host) : null;
  }

  /// What it takes a number of a window for; null for nothing.
  @Nullable MaintenanceWindow window(int number) {
    return windows.get(number);
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
      learn(event);
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

  private void learn(RolloutEvent event) {
    if (event instanceof RolloutEvent.HostEnrolled(int host, var traits)) {
      if (host == hosts.size()) {
        hosts.add(traits);
      } else {
        hosts.set(host, traits);
      }
    } else if (event instanceof RolloutEvent.Owner(OwnerOrder.SetWindow(int number, var window))) {
      windows.put(number, window);
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

  /// The word for what can be ordered of one rollout.
  static String word(OwnerOrder order) {
    return switch (order) {
      case OwnerOrder.Start() -> "start";
      case OwnerOrder.Halt() -> "halt";
      case OwnerOrder.Resume() -> "resume";
      case OwnerOrder.RollBack() -> "rollback";
      case OwnerOrder.KillVendor _,
          OwnerOrder.ReviveVendor _,
          OwnerOrder.Pin _,
          OwnerOrder.Unpin _,
          OwnerOrder.SetWindow _ ->
          throw new IllegalArgumentException("no order for one rollout alone: order=" + order);
    };
  }
}
