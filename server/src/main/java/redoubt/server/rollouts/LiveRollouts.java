package redoubt.server.rollouts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import redoubt.core.model.HostId;
import redoubt.core.wire.BundleName;
import redoubt.fleet.rollout.HostBatch;
import redoubt.fleet.rollout.OwnerOrder;
import redoubt.fleet.rollout.Ring;
import redoubt.fleet.rollout.RolloutEvent;
import redoubt.server.plane.Sessions;
import redoubt.server.store.RefusedException;
import redoubt.server.store.RingTerms;
import redoubt.server.store.RolloutEntry;
import redoubt.server.store.RolloutStore;
import redoubt.server.store.StandingOrders;

/// The rollouts that are driven. For one thread.
final class LiveRollouts {
  private final RolloutDesk.Stores stores;
  private final KnownHosts known;
  private final Sessions sessions;
  private final EventJournal journal;
  private final Map<Integer, LiveRollout> all = new TreeMap<>();
  private long lastSeconds = Long.MIN_VALUE;

  /// Brings back every rollout that is driven, as the journal has it.
  LiveRollouts(
      RolloutDesk.Stores stores, KnownHosts known, Sessions sessions, EventJournal journal) {
    this.stores = stores;
    this.known = known;
    this.sessions = sessions;
    this.journal = journal;
    bringBack();
  }

  private void bringBack() {
    long from = Long.MAX_VALUE;
    for (RolloutEntry entry : stores.rollouts().list()) {
      if (entry.ended().isEmpty()) {
        all.put(entry.id(), made(entry));
        from = Math.min(from, entry.beginsBefore());
      }
    }
    if (all.isEmpty()) {
      return;
    }
    stores.rollouts().replay(from, this::replay);
    all.values().forEach(this::introduce);
  }

  private void replay(RolloutStore.Line line) {
    step(
        new EventJournal.Line(
            line.sequence(), line.atSeconds(), EventJson.read(line.events()), false));
  }

  /// Tells all whom it concerns.
  ///
  /// @return what they command
  List<Delivery.Decided> step(EventJournal.Line line) {
    lastSeconds = Math.max(lastSeconds, line.atSeconds());
    List<Delivery.Decided> decided = new ArrayList<>();
    for (Logged logged : line.events()) {
      for (LiveRollout rollout : addressed(logged, line.sequence())) {
        rollout
            .step(logged.event(), line.atSeconds())
            .forEach(command -> decided.add(new Delivery.Decided(rollout, command)));
      }
    }
    return decided;
  }

  private List<LiveRollout> addressed(Logged logged, long sequence) {
    return all.values().stream()
        .filter(rollout ->
            logged.rollout() == Logged.ALL
                ? rollout.entry().beginsBefore() <= sequence
                : rollout.entry().id() == logged.rollout())
        .toList();
  }

  /// The latest time at which they were told something, in seconds since the epoch; the least there
  /// is if never.
  long lastSeconds() {
    return lastSeconds;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  Collection<LiveRollout> all() {
    return all.values();
  }

  Optional<LiveRollout> find(int id) {
    return Optional.ofNullable(all.get(id));
  }

  /// That of a bundle.
  Optional<LiveRollout> of(BundleName bundle) {
    return all.values().stream().filter(rollout -> rollout.isOf(bundle)).findFirst();
  }

  /// Drives one that was prepared.
  LiveRollout drive(RolloutEntry entry) {
    LiveRollout rollout = made(entry);
    all.put(entry.id(), rollout);
    introduce(rollout);
    return rollout;
  }

  private LiveRollout made(RolloutEntry entry) {
    return new LiveRollout(entry, entry.rings().stream().map(this::ring).toList(), known.size());
  }

  private Ring ring(RingTerms terms) {
    return new Ring(
        terms.name(),
        switch (terms.members()) {
          case RingTerms.Members.Hosts(var hosts) ->
              new Ring.Members.Hosts(hosts.stream().map(this::number).collect(Collectors.toSet()));
          case RingTerms.Members.Labelled(var labels) ->
              new Ring.Members.Labelled(known.bits(labels));
          case RingTerms.Members.Share(double share) -> new Ring.Members.Share(share);
          case RingTerms.Members.Everyone() -> new Ring.Members.Everyone();
        },
        Duration.ofMinutes(terms.soakMinutes()),
        terms.confirmed());
  }

  private int number(HostId host) {
    return stores
        .hosts()
        .find(host)
        .orElseThrow(() -> new RefusedException("no such host: id=" + host))
        .number();
  }

  /// Sees to it that rings name hosts of the fleet, and no more labels than there can be.
  ///
  /// @throws RefusedException if they do not
  void requireRings(List<RingTerms> rings) {
    rings.forEach(this::ring);
  }

  void remove(int id) {
    all.remove(id);
  }

  /// Drives also those, and those alone, that were prepared or put aside by a transaction of which
  /// nobody heard the end.
  void takeUp() {
    for (RolloutEntry entry : stores.rollouts().list()) {
      if (entry.ended().isPresent()) {
        remove(entry.id());
      } else if (!all.containsKey(entry.id())) {
        drive(entry);
      }
    }
  }

  /// Tells a rollout of the hosts and windows that it does not know as they are, and a new one of
  /// what stands and of who is there.
  private void introduce(LiveRollout rollout) {
    int id = rollout.entry().id();
    boolean isNew = rollout.isNew();
    journal.add(known.describe(rollout));
    if (!isNew) {
      return;
    }
    for (StandingOrders.Order order : stores.orders().list()) {
      journal.add(List.of(new Logged(id, event(order, true))));
    }
    int[] there =
        sessions.all().stream().mapToInt(session -> session.host().number()).sorted().toArray();
    if (there.length > 0) {
      journal.add(List.of(new Logged(id, new RolloutEvent.Heartbeats(HostBatch.of(there)))));
    }
  }

  /// What controllers are told of an order.
  RolloutEvent event(StandingOrders.Order order, boolean stands) {
    return new RolloutEvent.Owner(
        switch (order.what()) {
          case VENDOR_KILLED ->
              stands
                  ? new OwnerOrder.KillVendor(order.subject())
                  : new OwnerOrder.ReviveVendor(order.subject());
          case HOST_PINNED -> {
            int number = number(HostId.parse(order.subject()));
            yield stands ? new OwnerOrder.Pin(number) : new OwnerOrder.Unpin(number);
          }
        });
  }
}
