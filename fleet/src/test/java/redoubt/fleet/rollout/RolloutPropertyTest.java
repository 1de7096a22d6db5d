package redoubt.fleet.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever hosts, owner and clock do in whatever order, from a seed.
final class RolloutPropertyTest {
  private static final List<Symptom> SYMPTOMS = List.of(Symptom.values());
  private static final List<Channel> CHANNELS = List.of(Channel.values());
  private static final int EVENTS = 6_000;

  static LongStream seeds() {
    long first = Long.getLong("redoubt.fuzz.seed", 1);
    return LongStream.range(first, first + Integer.getInteger("redoubt.rollout.seeds", 60));
  }

  /// The journal gives back state and commands; and no lease is ever granted past the window.
  @ParameterizedTest
  @MethodSource("seeds")
  void replayGivesTheSameAndTheWindowHolds(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RehearsedFleet fleet = new RehearsedFleet(plan(random));
    fleet.enrol(50 + random.nextInt(400));
    fleet.order(new OwnerOrder.Start());
    for (int i = 0; i < EVENTS; i++) {
      fleet.now += random.nextInt(100) == 0 ? random.nextInt(400) - 100 : random.nextInt(2);
      long exposed = fleet.rollout.status().exposed();
      long healthy = fleet.rollout.status().healthy();
      List<RolloutCommand> commands = fleet.tell(event(fleet, random));
      long granted = fleet.rollout.status().exposed() - exposed;
      if (granted > 0) {
        // A batch may confirm nobody, so what was healthy before is all there was.
        assertTrue(
            exposed + granted - healthy
                <= fleet.plan.flow().firstWindow() + fleet.plan.flow().growth() * healthy,
            "seed=" + seed + " event=" + i + " commands=" + commands);
      }
    }
    Rollout replayed = new Rollout(fleet.plan, List.of(), 1);
    List<RolloutCommand> again = new ArrayList<>();
    fleet.journal.forEach(entry -> again.addAll(replayed.step(entry.event(), entry.at())));
    assertEquals(fleet.rollout.digest(), replayed.digest(), "seed=" + seed);
    assertEquals(fleet.commands, again, "seed=" + seed);
    assertEquals(fleet.rollout.status(), replayed.status(), "seed=" + seed);
  }

  private static RolloutPlan plan(SplittableRandom random) {
    Channel channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
    return channel.plan(RehearsedFleet.BUNDLE, random.nextLong());
  }

  private static RolloutEvent event(RehearsedFleet fleet, SplittableRandom random) {
    int host = random.nextInt(fleet.size);
    List<Lease> leases = RehearsedFleet.leases(fleet.commands);
    Lease lease =
        leases.isEmpty()
            ? new Lease(host, "new", 0, 0, 1)
            : leases.get(random.nextInt(leases.size()));
    return switch (random.nextInt(16)) {
      case 0, 1, 2 -> new RolloutEvent.Heartbeats(batch(fleet.size, random));
      case 3, 4 -> new RolloutEvent.LeaseRequested(host);
      case 5 -> new RolloutEvent.ActivationStarted(lease.host(), lease.counter());
      case 6, 7, 8 -> new RolloutEvent.Confirmed(lease.host(), lease.counter(), "new");
      case 9 -> new RolloutEvent.Running(host, random.nextBoolean() ? "new" : "old");
      case 10 -> new RolloutEvent.Failed(host, SYMPTOMS.get(random.nextInt(SYMPTOMS.size())));
      case 11 -> new RolloutEvent.RolledBack(host);
      case 12 -> new RolloutEvent.WentAway(host);
      case 13 -> new RolloutEvent.Owner(order(host, random));
      default -> new RolloutEvent.Tick();
    };
  }

  private static HostBatch batch(int size, SplittableRandom random) {
    int from = random.nextInt(size);
    int[] hosts = random.ints(size, 0, size).toArray();
    return HostBatch.of(hosts, size - from);
  }

  private static OwnerOrder order(int host, SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> new OwnerOrder.Halt();
      case 1 -> new OwnerOrder.RollBack();
      case 2 -> new OwnerOrder.Pin(host);
      case 3 -> new OwnerOrder.Unpin(host);
      case 4 ->
          random.nextInt(10) == 0 ? new OwnerOrder.KillVendor("vendor") : new OwnerOrder.Start();
      case 5 -> new OwnerOrder.ReviveVendor("vendor");
      default -> new OwnerOrder.Resume();
    };
  }
}
