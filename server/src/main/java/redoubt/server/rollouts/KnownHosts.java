package redoubt.server.rollouts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redoubt.core.model.HostId;
import redoubt.core.wire.HostInventory;
import redoubt.fleet.rollout.HostTraits;
import redoubt.fleet.rollout.RolloutEvent;
import redoubt.server.store.HostEntry;
import redoubt.server.store.HostStore;
import redoubt.server.store.RolloutStore;

/// The hosts by the numbers that controllers know them by, and what those know of them. For one
/// thread.
final class KnownHosts {
  private static final int PAGE = 1_000;
  private static final int MOST_NUMBER = 0xFFFF;
  private static final int NO_WINDOW = -1;
  private static final String SITE = "site";
  private static final String KIND = "kind";

  private final HostStore hosts;
  private final RolloutStore store;
  private final List<HostId> ids = new ArrayList<>();
  private final List<HostTraits> traits = new ArrayList<>();
  private final Map<String, Integer> sites = new HashMap<>();
  private final Map<String, Integer> kinds = new HashMap<>();

  KnownHosts(HostStore hosts, RolloutStore store) {
    this.hosts = hosts;
    this.store = store;
  }

  int size() {
    return ids.size();
  }

  HostId id(int number) {
    return ids.get(number);
  }

  /// Learns of hosts up to a number, in order.
  ///
  /// @return what every controller is to be told of those that are new
  List<Logged> learn(int number) {
    List<Logged> fresh = new ArrayList<>();
    boolean isMore = true;
    while (ids.size() <= number && isMore) {
      List<HostEntry> page = hosts.list(ids.size(), PAGE);
      for (HostEntry host : page) {
        ids.add(host.id());
        traits.add(traits(host, host.inventory()));
        fresh.add(new Logged(Logged.ALL, enrolled(ids.size() - 1)));
      }
      isMore = page.size() == PAGE;
    }
    return fresh;
  }

  /// What a controller is to be told of the hosts from a number on.
  ///
  /// @param rollout whose controller
  List<Logged> describe(int rollout, int from) {
    List<Logged> all = new ArrayList<>();
    for (int number = from; number < ids.size(); number++) {
      all.add(new Logged(rollout, enrolled(number)));
    }
    return all;
  }

  /// Looks whether a host is still what it was.
  ///
  /// @param host as it came in
  /// @param inventory as it says itself
  /// @return what every controller is to be told, if it is not
  List<Logged> look(HostEntry host, HostInventory inventory) {
    HostTraits now = traits(host, inventory);
    if (traits.get(host.number()).equals(now)) {
      return List.of();
    }
    traits.set(host.number(), now);
    return List.of(new Logged(Logged.ALL, enrolled(host.number())));
  }

  private RolloutEvent enrolled(int number) {
    return new RolloutEvent.HostEnrolled(number, traits.get(number));
  }

  private HostTraits traits(HostEntry host, HostInventory inventory) {
    String kind = inventory.machine() + "|" + inventory.model() + "|" + inventory.system();
    return new HostTraits(
        host.deviceClass(),
        numberOf(KIND, kinds, kind),
        numberOf(SITE, sites, host.site()),
        0,
        NO_WINDOW);
  }

  /// Those beyond what a controller can tell apart are as one.
  private int numberOf(String what, Map<String, Integer> known, String name) {
    Integer number = known.get(name);
    if (number == null) {
      number = Math.min(MOST_NUMBER, store.numberOf(what, name));
      known.put(name, number);
    }
    return number;
  }
}
