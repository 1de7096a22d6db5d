package redoubt.fleet.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/// A fleet that a test plays by hand: every host that is there sends its heartbeat in its second,
/// time passes second by second, and every event is written down.
final class RehearsedFleet {
  static final Bundle BUNDLE = new Bundle("vendor", "new", Bundle.Kind.CONTENT);
  static final long BEGIN = 1_700_000_000L;
  static final int SITES = 200;
  private static final int HEARTBEAT = 30;

  /// An event and when it came.
  record Entry(RolloutEvent event, long at) {}

  final List<Entry> journal = new ArrayList<>();
  final List<RolloutCommand> commands = new ArrayList<>();
  final RolloutPlan plan;
  final List<MaintenanceWindow> windows;
  Rollout rollout;
  long now = BEGIN;
  IntPredicate there = _ -> true;
  int size;

  RehearsedFleet(RolloutPlan plan, MaintenanceWindow... windows) {
    this.plan = plan;
    this.windows = List.of(windows);
    this.rollout = new Rollout(plan, this.windows, 16);
  }

  static RehearsedFleet of(int hosts) {
    return of(hosts, Channel.EMERGENCY.plan(BUNDLE, 7));
  }

  /// Hosts of ten kinds at 200 sites, started.
  static RehearsedFleet of(int hosts, RolloutPlan plan) {
    RehearsedFleet fleet = new RehearsedFleet(plan);
    fleet.enrol(hosts);
    fleet.order(new OwnerOrder.Start());
    return fleet;
  }

  void enrol(int hosts) {
    for (int i = 0; i < hosts; i++) {
      tell(
          new RolloutEvent.HostEnrolled(
              size, new HostTraits(DeviceClass.SERVER, size % 10, size % SITES, 0, -1)));
      size++;
    }
    int[] all = Stream.iterate(0, i -> i + 1).limit(size).mapToInt(i -> i).filter(there).toArray();
    tell(new RolloutEvent.Heartbeats(HostBatch.of(all)));
  }

  List<RolloutCommand> tell(RolloutEvent event) {
    journal.add(new Entry(event, now));
    List<RolloutCommand> result = rollout.step(event, now);
    commands.addAll(result);
    return result;
  }

  List<RolloutCommand> order(OwnerOrder order) {
    return tell(new RolloutEvent.Owner(order));
  }

  /// Lets time pass, with heartbeats of those that are there.
  List<RolloutCommand> pass(int seconds) {
    int before = commands.size();
    for (int i = 0; i < seconds; i++) {
      now++;
      int slot = (int) (now % HEARTBEAT);
      int[] heard =
          Stream.iterate(slot, host -> host < size, host -> host + HEARTBEAT)
              .mapToInt(host -> host)
              .filter(there)
              .toArray();
      if (heard.length > 0) {
        tell(new RolloutEvent.Heartbeats(HostBatch.of(heard)));
      }
      if (now % 5 == 0) {
        tell(new RolloutEvent.Tick());
      }
    }
    return List.copyOf(commands.subList(before, commands.size()));
  }

  /// Every host asks once.
  List<Lease> askAll() {
    int before = commands.size();
    for (int host = 0; host < size; host++) {
      if (there.test(host)) {
        tell(new RolloutEvent.LeaseRequested(host));
      }
    }
    return leases(commands.subList(before, commands.size()));
  }

  Lease firstLease() {
    return leases(commands).getFirst();
  }

  void confirm(Lease lease) {
    tell(new RolloutEvent.Confirmed(lease.host(), lease.counter(), lease.digest()));
  }

  static List<Lease> leases(List<RolloutCommand> commands) {
    return commands.stream()
        .filter(RolloutCommand.GrantLease.class::isInstance)
        .map(command -> ((RolloutCommand.GrantLease) command).lease())
        .toList();
  }

  static <T extends RolloutCommand> List<T> only(Class<T> type, List<RolloutCommand> commands) {
    return commands.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
