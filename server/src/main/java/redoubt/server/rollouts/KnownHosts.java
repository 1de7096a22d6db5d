package redoubt.server.rollouts;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;
import redoubt.core.model.HostId;
import redoubt.core.wire.HostInventory;
import redoubt.fleet.rollout.HostTraits;
import redoubt.fleet.rollout.MaintenanceWindow;
import redoubt.fleet.rollout.OwnerOrder;
import redoubt.fleet.rollout.RolloutEvent;
import redoubt.server.store.HostEntry;
import redoubt.server.store.HostStore;
import redoubt.server.store.LabelStore;
import redoubt.server.store.RolloutStore;
import redoubt.server.store.RolloutStore.Trait;

/// The hosts by the numbers that controllers know them by, and what those know of them. For one
/// thread.
final class KnownHosts {
  private static final int PAGE = 1_000;
  private static final int MOST_NUMBER = 0xFFFF;
  private static final int NO_WINDOW = -1;

  private final HostStore hosts;
  private final RolloutStore store;
  private final LabelStore labels;
  private final List<HostId> ids = new ArrayList<>();
  private final List<HostTraits> traits = new ArrayList<>();
  private final Map<Trait, Map<String, Integer>> numbers = new EnumMap<>(Trait.class);
  private NavigableMap<String, MaintenanceWindow> windows;

  KnownHosts(HostStore hosts, RolloutStore store, LabelStore labels) {
    this.hosts = hosts;
    this.store = store;
    this.labels = labels;
    windows = labels.windows();
  }

  int size() {
    return ids.size();
  }

  HostId id(int number) {
    return ids.get(number);
  }

  /// Learns of hosts up to a number, in order.
  ///
  /// @param told gets what every controller is to be told of those that are new, of each as soon as
  ///   it is known: a database that is gone in the middle leaves none out
  void learn(int number, Consumer<Logged> told) {
    boolean isMore = true;
    while (ids.size() <= number && isMore) {
      List<HostEntry> page = hosts.list(ids.size(), PAGE);
      for (HostEntry host : page) {
        HostTraits now = traits(host);
        ids.add(host.id());
        traits.add(now);
        told.accept(new Logged(Logged.ALL, enrolled(ids.size() - 1)));
      }
      isMore = page.size() == PAGE;
    }
  }

  /// What a controller is to be told of the windows and the hosts that it does not know as they
  /// are.
  List<Logged> describe(LiveRollout rollout) {
    int id = rollout.entry().id();
    List<Logged> all = new ArrayList<>();
    windows.forEach((label, window) -> {
      int number = number(Trait.LABEL, label);
      if (!window.equals(rollout.window(number))) {
        all.add(new Logged(id, new RolloutEvent.Owner(new OwnerOrder.SetWindow(number, window))));
      }
    });
    for (int number = 0; number < ids.size(); number++) {
      if (!traits.get(number).equals(rollout.described(number))) {
        all.add(new Logged(id, enrolled(number)));
      }
    }
    return all;
  }

  /// Looks whether a host is still what it was.
  ///
  /// @return what every controller is to be told, if it is not
  List<Logged> look(HostId id) {
    return look(hosts.find(id).orElseThrow());
  }

  private List<Logged> look(HostEntry host) {
    HostTraits now = traits(host);
    if (traits.get(host.number()).equals(now)) {
      return List.of();
    }
    traits.set(host.number(), now);
    return List.of(new Logged(Logged.ALL, enrolled(host.number())));
  }

  /// Looks which windows there are, and which hosts keep them.
  ///
  /// @param told gets what every controller is to be told
  void lookAtWindows(Consumer<Logged> told) {
    NavigableMap<String, MaintenanceWindow> now = labels.windows();
    now.forEach((label, window) -> {
      if (!window.equals(windows.get(label))) {
        told.accept(
            new Logged(
                Logged.ALL,
                new RolloutEvent.Owner(
                    new OwnerOrder.SetWindow(number(Trait.LABEL, label), window))));
      }
    });
    windows = now;
    for (int from = 0; from < ids.size(); from += PAGE) {
      hosts.list(from, PAGE).stream()
          .filter(host -> host.number() < ids.size())
          .forEach(host -> look(host).forEach(told));
    }
  }

  /// One bit for each of some labels.
  long bits(Collection<String> names) {
    long bits = 0;
    for (String label : names) {
      bits |= 1L << number(Trait.LABEL, label);
    }
    return bits;
  }

  private RolloutEvent enrolled(int number) {
    return new RolloutEvent.HostEnrolled(number, traits.get(number));
  }

  private HostTraits traits(HostEntry host) {
    HostInventory inventory = host.inventory();
    String kind = inventory.machine() + "|" + inventory.model() + "|" + inventory.system();
    return new HostTraits(
        host.deviceClass(),
        number(Trait.KIND, kind),
        number(Trait.SITE, host.site()),
        bits(host.labels()),
        host.labels().stream()
            .filter(windows::containsKey)
            .findFirst()
            .map(label -> number(Trait.LABEL, label))
            .orElse(NO_WINDOW));
  }

  /// Those beyond what a controller can tell apart are as one.
  private int number(Trait what, String name) {
    Map<String, Integer> known = numbers.computeIfAbsent(what, _ -> new HashMap<>());
    Integer number = known.get(name);
    if (number == null) {
      number = Math.min(MOST_NUMBER, store.numberOf(what, name));
      known.put(name, number);
    }
    return number;
  }
}
