package redoubt.fleet.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Rings that an owner names, and windows that are set while a rollout runs.
class OwnRingsTest {
  private static final long CANARY = 1L << 5;

  private static Ring ring(String name, Ring.Members members) {
    return new Ring(name, members, Duration.ZERO, 1);
  }

  private static RehearsedFleet fleet(Ring... rings) {
    RehearsedFleet fleet =
        new RehearsedFleet(
            Channel.EMERGENCY.plan(
                RehearsedFleet.BUNDLE, 7, List.of(rings), 0, Watch.USUAL.withSoak(30)));
    fleet.enrol(20);
    return fleet;
  }

  private static void label(RehearsedFleet fleet, int host, long labels) {
    describe(fleet, host, labels, -1);
  }

  private static void describe(RehearsedFleet fleet, int host, long labels, int window) {
    fleet.tell(
        new RolloutEvent.HostEnrolled(
            host, new HostTraits(DeviceClass.SERVER, 0, 0, labels, window)));
    fleet.size = Math.max(fleet.size, host + 1);
  }

  private static Set<Integer> allowed(RehearsedFleet fleet) {
    Set<Integer> hosts = new TreeSet<>();
    for (int round = 0; round < 40; round++) {
      for (Lease lease : fleet.askAll()) {
        hosts.add(lease.host());
        fleet.tell(new RolloutEvent.ActivationStarted(lease.host(), lease.counter()));
      }
      fleet.pass(31);
      RehearsedFleet.leases(List.copyOf(fleet.commands)).forEach(fleet::confirm);
    }
    return hosts;
  }

  @Test
  void whoeverIsInNoRingDoesWithout() {
    RehearsedFleet fleet =
        fleet(
            ring("pilot", new Ring.Members.Hosts(Set.of(7))),
            ring("canaries", new Ring.Members.Labelled(CANARY)));
    label(fleet, 3, CANARY | 1);
    label(fleet, 4, 1);
    fleet.order(new OwnerOrder.Start());
    assertEquals(Set.of(3, 7), allowed(fleet));
  }

  @Test
  void whoeverComesLaterIsInTheLastRingIfInAny() {
    RehearsedFleet fleet =
        fleet(
            ring("pilot", new Ring.Members.Hosts(Set.of(7))),
            ring("canaries", new Ring.Members.Labelled(CANARY)));
    label(fleet, 3, CANARY);
    fleet.order(new OwnerOrder.Start());
    label(fleet, 20, CANARY);
    label(fleet, 21, 0);
    assertEquals(Set.of(3, 7, 20), allowed(fleet));
  }

  @Test
  void whoeverIsPinnedIsNotTheOneThatOthersWaitFor() {
    for (int pinned = 0; pinned < 6; pinned++) {
      RehearsedFleet fleet =
          new RehearsedFleet(
              Channel.EMERGENCY.plan(RehearsedFleet.BUNDLE, 7, 0, Watch.USUAL.withSoak(30)));
      for (int host = 0; host < 6; host++) {
        describe(fleet, host, 0, -1);
      }
      fleet.enrol(0);
      fleet.order(new OwnerOrder.Pin(pinned));
      fleet.order(new OwnerOrder.Start());
      assertEquals(5, allowed(fleet).size(), "pinned=" + pinned);
    }
  }

  @Test
  void whoeverIsPinnedLaterIsNotEither() {
    RehearsedFleet fleet =
        fleet(
            ring("pilot", new Ring.Members.Hosts(Set.of(7, 8))),
            ring("rest", new Ring.Members.Everyone()));
    fleet.order(new OwnerOrder.Start());
    fleet.order(new OwnerOrder.Pin(7));
    assertEquals(19, allowed(fleet).size());
  }

  @Test
  void whoeverMayBeUpdatedNowGoesFirst() {
    for (int closed = 0; closed < 6; closed++) {
      RehearsedFleet fleet =
          new RehearsedFleet(
              Channel.EMERGENCY.plan(RehearsedFleet.BUNDLE, 7, 0, Watch.USUAL.withSoak(30)));
      for (int host = 0; host < 6; host++) {
        describe(fleet, host, 0, host == closed ? 3 : -1);
      }
      fleet.enrol(0);
      fleet.order(new OwnerOrder.Start());
      assertEquals(5, allowed(fleet).size(), "closed=" + closed);
    }
  }

  @Test
  void aWindowMeansWhatWasSaidOfItLast() {
    LocalTime noon =
        LocalTime.ofInstant(Instant.ofEpochSecond(RehearsedFleet.BEGIN), ZoneOffset.UTC);
    EnumSet<DayOfWeek> days = EnumSet.allOf(DayOfWeek.class);
    RehearsedFleet fleet = fleet(ring("all", new Ring.Members.Everyone()));
    for (int host = 0; host < 20; host++) {
      describe(fleet, host, 0, host < 19 ? 6 : -1);
    }
    fleet.order(new OwnerOrder.Start());
    assertEquals(Set.of(19), allowed(fleet), "what nobody has said is not open");
    fleet.order(
        new OwnerOrder.SetWindow(
            6,
            new MaintenanceWindow(ZoneOffset.UTC, days, noon.minusHours(3), noon.minusHours(2))));
    assertEquals(Set.of(), allowed(fleet));
    fleet.order(
        new OwnerOrder.SetWindow(
            6, new MaintenanceWindow(ZoneOffset.UTC, days, noon.minusHours(3), noon.plusHours(9))));
    assertTrue(allowed(fleet).size() > 10);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new OwnerOrder.SetWindow(127, new MaintenanceWindow(ZoneOffset.UTC, days, noon, noon)));
  }
}
