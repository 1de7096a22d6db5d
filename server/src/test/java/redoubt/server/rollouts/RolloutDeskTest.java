package redoubt.server.rollouts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redoubt.core.model.EngineId;
import redoubt.core.model.HostId;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;
import redoubt.fleet.rollout.Channel;
import redoubt.fleet.rollout.MaintenanceWindow;
import redoubt.fleet.rollout.OwnerOrder;
import redoubt.fleet.rollout.RolloutCommand;
import redoubt.server.made.MadeFleet;
import redoubt.server.made.Storage;
import redoubt.server.made.TalkingHost;
import redoubt.server.store.RefusedException;
import redoubt.server.store.RingTerms;
import redoubt.server.store.StandingOrders;

/// Rollouts with a whole server, hosts over real TLS, and a time that is made.
@ParameterizedClass
@EnumSource
@Execution(ExecutionMode.CONCURRENT)
class RolloutDeskTest {
  private static final BundleName BUNDLE = version(7);
  private static final int HOSTS = 6;
  private static final int SOAK = 120;

  @Parameter Storage storage;
  @TempDir Path folder;

  private static BundleName version(long number) {
    return new BundleName(
        "acme", new EngineId("sigma"), "rules", number, Sha256.ofText("rules " + number));
  }

  private static List<TalkingHost> running(MadeFleet fleet) {
    return fleet.hosts().stream().filter(TalkingHost::runs).toList();
  }

  @Test
  void aGoodUpdateReachesOneHostAndThenAll() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), HOSTS)) {
      int id = fleet.started(BUNDLE, SOAK);
      assertTrue(fleet.passUntil(() -> !running(fleet).isEmpty()));
      fleet.pass(60);
      assertEquals(1, running(fleet).size(), "the first ring of so few hosts is one of them");
      assertTrue(
          fleet.passUntil(() -> fleet.status(id).healthy() == HOSTS),
          () -> fleet.desk().find(id).toString());
      for (TalkingHost host : fleet.hosts()) {
        assertEquals(List.of("started", "confirmed"), host.did());
      }
      assertEquals(Optional.empty(), fleet.server().audit().firstBroken());
      assertEquals(
          List.of("rollout.prepare", "rollout.order", "rollout.promote"),
          fleet.server().audit().ofRollout(id, 10).reversed().stream()
              .map(entry -> entry.action())
              .toList()
              .subList(0, 3));
    }
  }

  @Test
  void theRestartOfTheServerNeitherSkipsNorRepeats() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), HOSTS)) {
      int id = fleet.started(BUNDLE, SOAK);
      fleet.restart();
      assertTrue(fleet.passUntil(() -> !running(fleet).isEmpty()));
      fleet.restart();
      fleet.pass(60);
      fleet.restart();
      assertEquals(1, running(fleet).size());
      assertEquals(1, fleet.status(id).exposed());
      assertTrue(fleet.passUntil(() -> running(fleet).size() > 1));
      fleet.restart();
      assertTrue(
          fleet.passUntil(() -> fleet.status(id).healthy() == HOSTS),
          () -> fleet.desk().find(id).toString());
      for (TalkingHost host : fleet.hosts()) {
        assertEquals(List.of("started", "confirmed"), host.did());
        assertEquals(1, host.leases().size());
      }
    }
  }

  @Test
  void aClockThatWasSetBackWhileNoServerRanHaltsNothing() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), HOSTS)) {
      int id = fleet.started(BUNDLE, SOAK);
      fleet.jump(-6 * 3_600);
      fleet.restart();
      assertTrue(
          fleet.passUntil(() -> fleet.status(id).healthy() == HOSTS),
          () -> fleet.desk().find(id).toString());
    }
  }

  @Test
  void aBadUpdateReachesOneHostAndIsHaltedWithoutAnybody() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), HOSTS)) {
      fleet.hosts().forEach(TalkingHost::becomeBad);
      int id = fleet.started(BUNDLE, SOAK);
      assertTrue(fleet.passUntil(() -> fleet.desk().find(id).orElseThrow().halt().isPresent()));
      RolloutView view = fleet.desk().find(id).orElseThrow();
      assertEquals(RolloutCommand.Reason.BAD_HEALTH, view.halt().orElseThrow().reason());
      assertTrue(view.status().orElseThrow().rollingBack());
      fleet.pass(300);
      assertEquals(1, fleet.status(id).exposed());
      assertEquals(1, fleet.hosts().stream().filter(host -> !host.did().isEmpty()).count());
      assertEquals(List.of(), running(fleet));
    }
  }

  @Test
  void whatTheOwnerTakesBackIsTakenBackEverywhere() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), HOSTS)) {
      int id = fleet.started(BUNDLE, SOAK);
      assertTrue(fleet.passUntil(() -> fleet.status(id).healthy() == HOSTS));
      fleet.hosts().getFirst().disconnect();
      fleet.desk().order(id, new OwnerOrder.RollBack(), "ada");
      assertTrue(fleet.passUntil(() -> running(fleet).size() == 1));
      fleet.restart(); // It comes back, and hears of it too.
      assertTrue(fleet.passUntil(() -> running(fleet).isEmpty()));
      assertFalse(fleet.status(id).running());
    }
  }

  @Test
  void aKilledVendorsUpdateGoesNowhereAlsoAfterARestart() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), 2)) {
      StandingOrders.Order kill =
          new StandingOrders.Order(StandingOrders.What.VENDOR_KILLED, "acme");
      fleet.desk().stand(kill, true, "ada");
      fleet.restart();
      int id = fleet.started(BUNDLE, SOAK);
      fleet.pass(60);
      assertEquals(0, fleet.status(id).exposed());
      fleet.desk().stand(kill, false, "ada");
      fleet.desk().order(id, new OwnerOrder.Resume(), "ada");
      assertTrue(fleet.passUntil(() -> fleet.status(id).exposed() > 0));
    }
  }

  @Test
  void aPinnedHostStaysAsItIs() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), HOSTS)) {
      TalkingHost pinned = fleet.hosts().getLast();
      fleet
          .desk()
          .stand(
              new StandingOrders.Order(StandingOrders.What.HOST_PINNED, pinned.id()), true, "ada");
      fleet.restart();
      int id = fleet.started(BUNDLE, SOAK);
      assertTrue(fleet.passUntil(() -> fleet.status(id).healthy() == HOSTS - 1), fleet::toString);
      fleet.pass(60);
      assertFalse(pinned.runs());
      assertTrue(pinned.refusal().isPresent());
    }
  }

  @Test
  void ringsAreAsTheOwnerNamesThem() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), HOSTS)) {
      TalkingHost named = fleet.hosts().get(4);
      List<TalkingHost> labelled = List.of(fleet.hosts().get(1), fleet.hosts().get(2));
      for (TalkingHost host : labelled) {
        label(fleet, host, "canary");
      }
      List<RingTerms> rings =
          List.of(
              new RingTerms(
                  "pilot", new RingTerms.Members.Hosts(Set.of(HostId.parse(named.id()))), 0, 1),
              new RingTerms("canaries", new RingTerms.Members.Labelled(Set.of("canary")), 10, 2));
      int id = fleet.desk().prepare(BUNDLE, Channel.EMERGENCY, SOAK, rings, "ada").entry().id();
      fleet.restart();
      fleet.desk().order(id, new OwnerOrder.Start(), "bob");
      assertTrue(fleet.passUntil(() -> !running(fleet).isEmpty()));
      assertEquals(List.of(named), running(fleet));
      assertTrue(fleet.passUntil(() -> fleet.status(id).healthy() == 3));
      fleet.pass(600);
      assertEquals(3, fleet.status(id).exposed(), "the others are in no ring");
      assertTrue(labelled.stream().allMatch(TalkingHost::runs));
    }
  }

  private static void label(MadeFleet fleet, TalkingHost host, String label) {
    fleet.desk().label(HostId.parse(host.id()), Set.of(label), Set.of(), "ada");
  }

  @Test
  void aHostIsUpdatedInTheHoursOfItsLabel() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), 3)) {
      Instant now = fleet.now();
      LocalTime inTwoHours = LocalTime.ofInstant(now.plusSeconds(7_200), ZoneOffset.UTC);
      fleet
          .desk()
          .window(
              "night",
              Optional.of(
                  new MaintenanceWindow(
                      ZoneOffset.UTC,
                      EnumSet.allOf(DayOfWeek.class),
                      inTwoHours.truncatedTo(ChronoUnit.MINUTES),
                      inTwoHours.plusHours(1).truncatedTo(ChronoUnit.MINUTES))),
              "ada");
      TalkingHost waiting = fleet.hosts().get(1);
      label(fleet, waiting, "night");
      // In a ring of its own it would hold up the next one.
      List<RingTerms> rings = List.of(new RingTerms("all", new RingTerms.Members.Everyone(), 0, 1));
      int id = fleet.desk().prepare(BUNDLE, Channel.EMERGENCY, SOAK, rings, "ada").entry().id();
      fleet.desk().order(id, new OwnerOrder.Start(), "bob");
      assertTrue(fleet.passUntil(() -> fleet.status(id).healthy() == 2), fleet::toString);
      fleet.restart();
      fleet.pass(300);
      assertFalse(waiting.runs());
      fleet.jump(7_200);
      assertTrue(fleet.passUntil(waiting::runs));
    }
  }

  @Test
  void aWindowThatIsLiftedHoldsNobodyUpAlsoInARolloutThatRuns() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), 2)) {
      LocalTime past = LocalTime.ofInstant(fleet.now().minusSeconds(7_200), ZoneOffset.UTC);
      MaintenanceWindow closed =
          new MaintenanceWindow(
              ZoneOffset.UTC, EnumSet.allOf(DayOfWeek.class), past, past.plusMinutes(10));
      int id = fleet.started(BUNDLE, SOAK);
      fleet.desk().window("never", Optional.of(closed), "ada");
      for (TalkingHost host : fleet.hosts()) {
        label(fleet, host, "never");
      }
      fleet.pass(120);
      long before = fleet.status(id).exposed();
      fleet.desk().window("never", Optional.empty(), "ada");
      assertTrue(fleet.passUntil(() -> fleet.status(id).healthy() == 2));
      assertTrue(before < 2);
      assertThrows(
          RefusedException.class, () -> fleet.desk().window("never", Optional.empty(), "ada"));
    }
  }

  @Test
  void aLeaseThatNobodyGrantedConfirmsNothing() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), HOSTS)) {
      int id = fleet.started(BUNDLE, SOAK);
      TalkingHost liar = fleet.hosts().get(1);
      for (long lease = 1; lease < 5; lease++) {
        liar.say(new HostMessage.Activation(BUNDLE, lease, HostMessage.Step.CONFIRMED, ""));
      }
      fleet.pass(30);
      assertEquals(0, fleet.status(id).healthy());
    }
  }

  @Test
  void whoeverAsksForWhatNobodyRollsOutIsToldSo() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), 1)) {
      TalkingHost host = fleet.hosts().getFirst();
      host.say(new HostMessage.LeaseRequest(version(8), 4));
      assertTrue(fleet.passUntil(() -> host.refusal().isPresent()));
      assertEquals(Optional.of(FleetMessage.Reason.NOT_STARTED), host.refusal());
    }
  }

  @Test
  void oneOfANameAtATime() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), 1)) {
      int id = fleet.started(BUNDLE, SOAK);
      RefusedException refused =
          assertThrows(
              RefusedException.class,
              () -> fleet.desk().prepare(version(8), Channel.EMERGENCY, SOAK, List.of(), "ada"));
      assertTrue(String.valueOf(refused.getMessage()).contains("rollouts end " + id));
      fleet.desk().end(id, "ada");
      fleet.desk().prepare(version(8), Channel.EMERGENCY, SOAK, List.of(), "ada");
      assertThrows(
          RefusedException.class, () -> fleet.desk().order(id, new OwnerOrder.Start(), "ada"));
    }
  }
}
