package redoubt.fleet.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static redoubt.fleet.rollout.RehearsedFleet.only;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What other systems for rollouts have been complained about, each by name, and what the owner may
/// count on.
final class RolloutTest {
  private static final int HOSTS = 2_000;

  /// All of them, in one ring, so that windows are all that holds back.
  private static RolloutPlan oneRing() {
    return new RolloutPlan(
        RehearsedFleet.BUNDLE,
        7,
        List.of(new Ring("all", new Ring.Members.Everyone(), Duration.ZERO, 0)),
        0,
        new Flow(5, 3, 2, 1.5, 0),
        Watch.USUAL);
  }

  private static List<RolloutCommand> refusals(List<RolloutCommand> commands, Refusal reason) {
    return commands.stream()
        .filter(c -> c instanceof RolloutCommand.RefuseLease r && r.reason() == reason)
        .toList();
  }

  @Test
  void deadOnActivation() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS, oneRing());
    Set<Integer> dead = fleet.askAll().stream().map(Lease::host).collect(Collectors.toSet());
    assertEquals(5, dead.size());
    fleet.there = host -> !dead.contains(host);
    List<RolloutCommand> after = fleet.pass(600);
    assertEquals(List.of(), RehearsedFleet.leases(after), "nobody else may activate it");
    RolloutCommand.Halt halt = only(RolloutCommand.Halt.class, after).getFirst();
    assertEquals(Symptom.SILENCE, halt.evidence().symptom());
  }

  @Test
  void withoutAnyDetectorTheWindowStaysShut() {
    // The gate is as good as off: only flow control is left.
    Watch blind = new Watch(30, 75, 120, 300, 1e-300, false);
    RolloutPlan base = oneRing();
    RolloutPlan plan = new RolloutPlan(base.bundle(), 7, base.rings(), 0, base.flow(), blind);
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS, plan);
    Set<Integer> dead = fleet.askAll().stream().map(Lease::host).collect(Collectors.toSet());
    fleet.there = host -> !dead.contains(host);
    assertEquals(List.of(), RehearsedFleet.leases(fleet.pass(7_200)));
    assertTrue(fleet.rollout.status().running());
  }

  @Test
  void deadAfterSuccessReport() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS, oneRing());
    List<Lease> leases = fleet.askAll();
    fleet.pass(120);
    leases.forEach(fleet::confirm);
    Set<Integer> dead = leases.stream().map(Lease::host).collect(Collectors.toSet());
    fleet.there = host -> !dead.contains(host);
    List<RolloutCommand> after = fleet.pass(120);
    assertEquals(1, only(RolloutCommand.Halt.class, after).size());
    assertTrue(fleet.rollout.status().exposed() <= 5 + 1.5 * 5 + 5);
  }

  @Test
  void aSmallFleetHaltsAtTheFirstHostThatFallsBack() {
    RehearsedFleet fleet = RehearsedFleet.of(6);
    List<Lease> leases = fleet.askAll();
    assertEquals(5, leases.size(), "each is one of its kind");
    List<RolloutCommand> after = fleet.tell(new RolloutEvent.RolledBack(leases.getFirst().host()));
    assertEquals(
        RolloutCommand.Reason.BAD_HEALTH,
        only(RolloutCommand.Halt.class, after).getFirst().reason());
    assertTrue(fleet.rollout.status().rollingBack());
    fleet.order(new OwnerOrder.Resume());
    fleet.pass(60);
    assertTrue(fleet.rollout.status().running(), "what the owner has judged counts no more");
  }

  @Test
  void noRingOpensBeforeOneHostOfTheOneBeforeIsWellWhoeverIsThere() {
    RehearsedFleet fleet = new RehearsedFleet(Channel.EMERGENCY.plan(RehearsedFleet.BUNDLE, 7));
    fleet.there = _ -> false;
    fleet.enrol(6);
    fleet.order(new OwnerOrder.Start());
    fleet.pass(10);
    fleet.there = _ -> true;
    fleet.pass(600);
    assertEquals(0, fleet.rollout.status().ring());
    List<Lease> leases = fleet.askAll();
    fleet.pass(120);
    leases.forEach(fleet::confirm);
    List<Lease> last = RehearsedFleet.leases(fleet.pass(150));
    assertEquals(0, fleet.rollout.status().ring());
    last.forEach(fleet::confirm);
    fleet.pass(60);
    assertTrue(fleet.rollout.status().ring() > 0);
  }

  @Test
  void oneHostThatIsGoneFreezesNoSmallFleet() {
    RehearsedFleet fleet = RehearsedFleet.of(3);
    fleet.pass(60);
    fleet.there = host -> host != 2;
    assertEquals(List.of(), only(RolloutCommand.Freeze.class, fleet.pass(300)));
    assertEquals(2, fleet.rollout.status().online());
    // As after a restart of the server: nobody was listening.
    fleet.now += 120;
    fleet.tell(new RolloutEvent.Tick());
    assertTrue(fleet.rollout.status().frozen());
    fleet.pass(60);
    assertTrue(!fleet.rollout.status().frozen(), "who is there is heard");
  }

  @Test
  void writtenNotRun() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS, oneRing());
    Lease lease = fleet.askAll().getFirst();
    fleet.pass(120);
    fleet.tell(new RolloutEvent.Confirmed(lease.host(), lease.counter(), "old"));
    assertEquals(0, fleet.rollout.status().healthy(), "what runs counts, not what was written");
    assertEquals(1, fleet.rollout.status().evidence().treatedEvents());
  }

  @Test
  void fellBackSilently() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS, oneRing());
    Lease lease = fleet.askAll().getFirst();
    fleet.pass(120);
    fleet.confirm(lease);
    assertEquals(1, fleet.rollout.status().healthy());
    fleet.tell(new RolloutEvent.Running(lease.host(), "old"));
    assertEquals(0, fleet.rollout.status().healthy());
    assertEquals(Symptom.FELL_BACK, fleet.rollout.status().evidence().symptom());
  }

  @Test
  void neverCameBack() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS, oneRing());
    Lease lease = fleet.askAll().getFirst();
    fleet.tell(new RolloutEvent.WentAway(lease.host()));
    fleet.there = host -> host != lease.host();
    fleet.pass(1_200);
    RolloutStatus status = fleet.rollout.status();
    assertEquals(0, status.healthy(), "a host that is away is no success");
    assertEquals(5, status.exposed(), "nor does its place go to another");
  }

  @Test
  void enrolledMidRollout() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS);
    fleet.enrol(50);
    for (int host = HOSTS; host < HOSTS + 50; host++) {
      List<RolloutCommand> answer = fleet.tell(new RolloutEvent.LeaseRequested(host));
      assertEquals(List.of(new RolloutCommand.RefuseLease(host, Refusal.RING_NOT_OPEN)), answer);
    }
  }

  @Test
  void controllerCrashBetweenDecisionAndLease() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS, oneRing());
    Lease decided = fleet.askAll().getFirst();
    // The event was written down, the lease never sent: a new process reads the journal.
    Rollout restarted = new Rollout(fleet.plan, fleet.windows, 16);
    fleet.journal.forEach(entry -> restarted.step(entry.event(), entry.at()));
    assertEquals(fleet.rollout.digest(), restarted.digest());
    List<RolloutCommand> again =
        restarted.step(new RolloutEvent.LeaseRequested(decided.host()), fleet.now + 10);
    Lease same = RehearsedFleet.leases(again).getFirst();
    assertEquals(decided.counter(), same.counter(), "the same lease, no second place");
    assertEquals(5, restarted.status().exposed());
  }

  @Test
  void clockSkewOfTheServer() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS, oneRing());
    fleet.pass(60);
    fleet.now -= 3_600;
    fleet.pass(60);
    assertFalse(fleet.rollout.status().frozen(), "a clock set back only stands still");
    fleet.now += 3_600 + 7_200;
    fleet.tell(new RolloutEvent.Tick());
    assertTrue(fleet.rollout.status().frozen(), "a leap is a time in which nobody listened");
    assertEquals(0, fleet.rollout.status().evidence().controlEvents());
    fleet.pass(120);
    assertFalse(fleet.rollout.status().frozen());
    assertEquals(0, fleet.rollout.status().evidence().controlEvents());
  }

  @Test
  void clockSkewOfAHost() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS, oneRing());
    Lease lease = fleet.askAll().getFirst();
    fleet.pass(119);
    fleet.confirm(lease);
    assertEquals(0, fleet.rollout.status().healthy(), "our clock says when the soak is over");
    fleet.pass(1);
    fleet.confirm(lease);
    assertEquals(1, fleet.rollout.status().healthy());
  }

  @Test
  void daylightSavingInTheWindow() {
    // In Berlin, 2026-03-29 has no 02:30; 2026-10-25 has two.
    MaintenanceWindow window =
        new MaintenanceWindow(
            ZoneId.of("Europe/Berlin"),
            EnumSet.of(DayOfWeek.SUNDAY),
            LocalTime.of(2, 0),
            LocalTime.of(3, 0));
    assertFalse(window.isOpen(at("2026-03-29T00:59:59Z")), "01:59:59, then it is 03:00");
    assertFalse(window.isOpen(at("2026-03-29T01:00:00Z")));
    assertTrue(window.isOpen(at("2026-10-25T00:30:00Z")), "02:30 in summer");
    assertTrue(window.isOpen(at("2026-10-25T01:30:00Z")), "02:30 in winter");
    assertFalse(window.isOpen(at("2026-10-25T02:00:00Z")));
  }

  @Test
  void aWindowMayReachPastMidnight() {
    MaintenanceWindow window =
        new MaintenanceWindow(
            ZoneId.of("UTC"),
            EnumSet.of(DayOfWeek.FRIDAY),
            LocalTime.of(22, 0),
            LocalTime.of(4, 0));
    assertTrue(window.isOpen(at("2026-11-27T23:00:00Z")), "Friday");
    assertTrue(window.isOpen(at("2026-11-28T03:59:59Z")), "into Saturday");
    assertFalse(window.isOpen(at("2026-11-28T04:00:00Z")));
    assertFalse(window.isOpen(at("2026-11-27T03:00:00Z")), "Thursday's night was not asked for");
  }

  private static long at(String instant) {
    return Instant.parse(instant).getEpochSecond();
  }

  @Test
  void telemetryPipelineDown() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS);
    fleet.askAll();
    fleet.pass(60);
    fleet.there = _ -> false;
    List<RolloutCommand> dark = fleet.pass(600);
    assertEquals(1, only(RolloutCommand.Freeze.class, dark).size());
    assertEquals(List.of(), only(RolloutCommand.Promote.class, dark), "it does not advance");
    assertEquals(List.of(), RehearsedFleet.leases(dark));
    assertEquals(List.of(), only(RolloutCommand.Halt.class, dark), "nor is it the update's fault");
    assertEquals(Refusal.FROZEN, refusal(fleet, HOSTS - 1));
    fleet.there = _ -> true;
    assertEquals(1, only(RolloutCommand.Thaw.class, fleet.pass(120)).size());
    assertEquals(0, fleet.rollout.status().evidence().controlEvents());
  }

  private static Refusal refusal(RehearsedFleet fleet, int host) {
    return only(RolloutCommand.RefuseLease.class, fleet.tell(new RolloutEvent.LeaseRequested(host)))
        .getFirst()
        .reason();
  }

  @Test
  void duplicateAndReplayedReports() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS, oneRing());
    List<Lease> leases = fleet.askAll();
    fleet.pass(120);
    Lease lease = leases.getFirst();
    for (int i = 0; i < 10; i++) {
      fleet.confirm(lease);
      // A report about another lease, an older one, say.
      fleet.tell(new RolloutEvent.Confirmed(leases.get(1).host(), leases.get(2).counter(), "new"));
    }
    assertEquals(1, fleet.rollout.status().healthy());
    for (int i = 0; i < 10; i++) {
      fleet.tell(new RolloutEvent.Failed(lease.host(), Symptom.CRASH_LOOP));
      fleet.tell(new RolloutEvent.RolledBack(lease.host()));
    }
    assertEquals(1, fleet.rollout.status().evidence().treatedEvents(), "one host counts once");
    assertTrue(fleet.rollout.status().running());
    assertEquals(Refusal.FAILED_HERE_BEFORE, refusal(fleet, lease.host()));
  }

  @Test
  void hostsLyingHealthy() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS, oneRing());
    List<Lease> leases = fleet.askAll();
    // At once: not believed. After the soak: believed, and worth its share of the window, no more.
    leases.forEach(fleet::confirm);
    assertEquals(0, fleet.rollout.status().healthy());
    fleet.pass(120);
    fleet.confirm(leases.getFirst());
    fleet.pass(60);
    assertEquals(5 + 2, fleet.rollout.status().exposed());
  }

  @Test
  void aHostThatIsNotAskedCannotConfirm() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS, oneRing());
    fleet.tell(new RolloutEvent.Confirmed(17, 1, "new"));
    fleet.tell(new RolloutEvent.ActivationStarted(17, 1));
    assertEquals(0, fleet.rollout.status().healthy());
  }

  @Test
  void theFirstRingSeesEveryKind() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS);
    for (int round = 0; round < 20; round++) {
      List<Lease> leases = round == 0 ? fleet.askAll() : RehearsedFleet.leases(fleet.commands);
      fleet.pass(121);
      leases.forEach(fleet::confirm);
      if (fleet.rollout.status().ring() > 0) {
        break;
      }
    }
    Set<Integer> kinds =
        RehearsedFleet.leases(fleet.commands).stream()
            .filter(lease -> lease.ring() == 0)
            .map(lease -> lease.host() % 10)
            .collect(Collectors.toSet());
    assertEquals(10, kinds.size());
  }

  @Test
  void oneKindAndOneSiteHaveWindowsOfTheirOwn() {
    assertEquals(30, leasesWith(new Flow(1_000, 3, 100, 1.5, 0)), "three of each of ten kinds");
    assertEquals(400, leasesWith(new Flow(1_000, 100, 2, 1.5, 0)), "two at each of 200 sites");
  }

  private static int leasesWith(Flow flow) {
    return RehearsedFleet.of(
            HOSTS,
            new RolloutPlan(RehearsedFleet.BUNDLE, 7, oneRing().rings(), 0, flow, Watch.USUAL))
        .askAll()
        .size();
  }

  @Test
  void pinsAndWindowsWinOverEverything() {
    MaintenanceWindow night =
        new MaintenanceWindow(
            ZoneId.of("UTC"),
            EnumSet.allOf(DayOfWeek.class),
            LocalTime.of(1, 0),
            LocalTime.of(2, 0));
    RehearsedFleet fleet = new RehearsedFleet(oneRing(), night);
    fleet.now = at("2026-11-27T00:59:00Z");
    fleet.enrol(200);
    fleet.tell(new RolloutEvent.HostEnrolled(0, new HostTraits(DeviceClass.SERVER, 0, 0, 0, 0)));
    fleet.order(new OwnerOrder.Start());
    fleet.order(new OwnerOrder.Pin(1));
    assertEquals(Refusal.OUTSIDE_MAINTENANCE_WINDOW, refusal(fleet, 0));
    assertEquals(Refusal.PINNED, refusal(fleet, 1));
    List<Lease> leases = RehearsedFleet.leases(fleet.pass(120));
    assertEquals(List.of(0), leases.stream().map(Lease::host).toList(), "its request stands");
    fleet.order(new OwnerOrder.Pin(0));
    fleet.order(new OwnerOrder.RollBack());
    assertEquals(List.of(), only(RolloutCommand.RollBack.class, fleet.pass(60)));
    fleet.order(new OwnerOrder.Unpin(0));
    assertFalse(only(RolloutCommand.RollBack.class, fleet.pass(60)).isEmpty());
  }

  @Test
  void aHostThatWasOfflineIsSentBackWhenItReturns() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS, oneRing());
    Lease lease = fleet.askAll().getFirst();
    fleet.tell(new RolloutEvent.ActivationStarted(lease.host(), lease.counter()));
    fleet.tell(new RolloutEvent.WentAway(lease.host()));
    fleet.there = host -> host != lease.host();
    fleet.order(new OwnerOrder.RollBack());
    fleet.pass(3_600);
    fleet.there = _ -> true;
    List<RolloutCommand> back = fleet.pass(30);
    assertTrue(back.contains(new RolloutCommand.RollBack(lease.host())));
    fleet.tell(new RolloutEvent.RolledBack(lease.host()));
    assertFalse(fleet.pass(60).contains(new RolloutCommand.RollBack(lease.host())));
  }

  @Test
  void theKillSwitchIsForOneVendorAndIsNotLiftedByResume() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS, oneRing());
    fleet.order(new OwnerOrder.KillVendor("another"));
    assertTrue(fleet.rollout.status().running());
    fleet.order(new OwnerOrder.KillVendor("vendor"));
    fleet.order(new OwnerOrder.Resume());
    assertEquals(Refusal.VENDOR_KILLED, refusal(fleet, 3));
    fleet.order(new OwnerOrder.ReviveVendor("vendor"));
    assertEquals(Refusal.HALTED, refusal(fleet, 3));
    fleet.order(new OwnerOrder.Resume());
    assertEquals(1, RehearsedFleet.leases(fleet.tell(new RolloutEvent.LeaseRequested(3))).size());
  }

  @Test
  void aHaltIsGrantedNothingAndResumesWhereItWas() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS, oneRing());
    assertEquals(1, only(RolloutCommand.Halt.class, fleet.order(new OwnerOrder.Halt())).size());
    fleet.askAll();
    assertEquals(0, fleet.rollout.status().exposed());
    fleet.order(new OwnerOrder.Resume());
    assertEquals(5, RehearsedFleet.leases(fleet.pass(30)).size(), "requests have waited");
  }

  @Test
  void labelledAndNamedHostsComeFirstAndAreNeverHeldBack() {
    RolloutPlan plan =
        new RolloutPlan(
            RehearsedFleet.BUNDLE,
            7,
            List.of(
                new Ring("mine", new Ring.Members.Hosts(Set.of(3, 4)), Duration.ofMinutes(5), 2),
                new Ring("lab", new Ring.Members.Labelled(2), Duration.ZERO, 1),
                new Ring("rest", new Ring.Members.Everyone(), Duration.ZERO, 0)),
            0.5,
            new Flow(5, 5, 5, 1.5, 0),
            Watch.USUAL);
    RehearsedFleet fleet = new RehearsedFleet(plan);
    fleet.enrol(100);
    fleet.tell(new RolloutEvent.HostEnrolled(9, new HostTraits(DeviceClass.SERVER, 9, 0, 2, -1)));
    fleet.order(new OwnerOrder.Start());
    List<Lease> first = fleet.askAll();
    assertEquals(List.of(3, 4), first.stream().map(Lease::host).toList());
    fleet.pass(121);
    first.forEach(fleet::confirm);
    assertEquals(
        List.of(), only(RolloutCommand.Promote.class, fleet.pass(120)), "its soak is not over");
    List<RolloutCommand> later = fleet.pass(100);
    assertEquals("lab", only(RolloutCommand.Promote.class, later).getFirst().name());
    assertEquals(9, RehearsedFleet.leases(later).getFirst().host());
  }

  @Test
  void theHoldbackIsAboutWhatWasAskedFor() {
    RehearsedFleet fleet =
        RehearsedFleet.of(
            100_000,
            new RolloutPlan(
                RehearsedFleet.BUNDLE, 7, oneRing().rings(), 0.01, oneRing().flow(), Watch.USUAL));
    fleet.askAll();
    int held = refusals(fleet.commands, Refusal.HELD_BACK).size();
    assertTrue(held > 850 && held < 1_150, "held=" + held);
  }

  @Test
  void whatIsOrderedBeforeTheBeginningDoesNotSpoilTheDraw() {
    RehearsedFleet fleet = new RehearsedFleet(Channel.EMERGENCY.plan(RehearsedFleet.BUNDLE, 7));
    fleet.enrol(HOSTS);
    fleet.order(new OwnerOrder.RollBack());
    fleet.order(new OwnerOrder.KillVendor("vendor"));
    fleet.order(new OwnerOrder.ReviveVendor("vendor"));
    fleet.order(new OwnerOrder.Resume());
    assertEquals(Refusal.NOT_STARTED, refusal(fleet, 0));
    fleet.order(new OwnerOrder.Start());
    assertFalse(refusals(commandsOf(fleet), Refusal.HELD_BACK).isEmpty());
  }

  private static List<RolloutCommand> commandsOf(RehearsedFleet fleet) {
    fleet.askAll();
    return fleet.commands;
  }

  @Test
  void aHostThatChangesItsKindWithALeaseOutIsCountedAsBefore() {
    RehearsedFleet fleet = RehearsedFleet.of(HOSTS, oneRing());
    Lease lease = fleet.askAll().getFirst();
    fleet.tell(
        new RolloutEvent.HostEnrolled(
            lease.host(), new HostTraits(DeviceClass.LAPTOP, 99, 99, 0, -1)));
    fleet.pass(120);
    fleet.confirm(lease);
    assertEquals(1, fleet.rollout.status().healthy());
  }

  @Test
  void aNumberThatNoHostHasIsABug() {
    RehearsedFleet fleet = RehearsedFleet.of(10, oneRing());
    assertThrows(
        IllegalArgumentException.class, () -> fleet.tell(new RolloutEvent.LeaseRequested(10)));
    assertThrows(IllegalArgumentException.class, () -> fleet.order(new OwnerOrder.Pin(-1)));
  }
}
