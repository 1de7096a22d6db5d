package redoubt.server.rollouts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;
import redoubt.core.wire.ActivationLease;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.HostMessage;
import redoubt.server.made.MadeFleet;
import redoubt.server.made.Storage;
import redoubt.server.made.TalkingHost;

/// What a network and its hosts may do to a rollout, each under the name that administrators have
/// for it: with a whole server, hosts over real TLS, and a time that is made.
@ParameterizedClass
@EnumSource
@Execution(ExecutionMode.CONCURRENT)
class FleetFaultsTest {
  private static final BundleName BUNDLE =
      new BundleName("acme", new EngineId("sigma"), "rules", 7, Sha256.ofText("rules 7"));
  private static final int HOSTS = 6;
  private static final int SOAK = 120;

  /// How often somebody says what he has said before.
  private static final int AGAIN = 50;

  private static final int LONG_SPLIT_SECONDS = 900;

  @Parameter Storage storage;
  @TempDir Path folder;

  private MadeFleet fleet() throws Exception {
    return new MadeFleet(storage.settings(folder, 0), HOSTS);
  }

  private static List<TalkingHost> running(MadeFleet fleet) {
    return fleet.hosts().stream().filter(TalkingHost::runs).toList();
  }

  /// The first host that was given the update.
  private static TalkingHost first(MadeFleet fleet) throws Exception {
    assertTrue(fleet.passUntil(() -> !running(fleet).isEmpty()), fleet::toString);
    return running(fleet).getFirst();
  }

  private static void say(TalkingHost host, ActivationLease lease, HostMessage.Step step) {
    host.say(new HostMessage.Activation(BUNDLE, lease.counter(), step, ""));
  }

  /// Everybody ends up with the update, and each was given it and counted once.
  private static void assertFinishes(MadeFleet fleet, int rollout) throws Exception {
    assertTrue(fleet.passUntil(() -> fleet.status(rollout).healthy() == HOSTS), fleet::toString);
    for (TalkingHost host : fleet.hosts()) {
      assertEquals(List.of("started", "confirmed"), host.did(), host::toString);
      assertEquals(1, host.leases().size(), host::toString);
    }
    assertEquals(HOSTS, fleet.status(rollout).exposed());
  }

  @Test
  void aHostBehindASplitNetworkHoldsItsPlaceAndNobodyTakesIt() throws Exception {
    try (MadeFleet fleet = fleet()) {
      int id = fleet.started(BUNDLE, SOAK);
      TalkingHost first = first(fleet);
      first.disconnect();
      fleet.pass(LONG_SPLIT_SECONDS);
      assertEquals(List.of(first), running(fleet), "nobody has said that it is well");
      assertEquals(1, fleet.status(id).exposed());
      first.connect(fleet.server().hostPort());
      assertFinishes(fleet, id);
    }
  }

  @Test
  void aSplitThatCutsEverybodyOffPromotesNothingAndHaltsNothing() throws Exception {
    try (MadeFleet fleet = fleet()) {
      int id = fleet.started(BUNDLE, SOAK);
      first(fleet);
      fleet.hosts().forEach(TalkingHost::disconnect);
      fleet.pass(LONG_SPLIT_SECONDS);
      assertEquals(1, fleet.status(id).exposed(), "silence is no sign of health");
      fleet.connect();
      assertFinishes(fleet, id);
    }
  }

  @Test
  void thoseBehindASplitNetworkCatchUp() throws Exception {
    try (MadeFleet fleet = fleet()) {
      int id = fleet.started(BUNDLE, SOAK);
      TalkingHost first = first(fleet);
      List<TalkingHost> cut =
          fleet.hosts().stream().filter(host -> !host.equals(first)).limit(2).toList();
      cut.forEach(TalkingHost::disconnect);
      assertTrue(
          fleet.passUntil(() -> fleet.status(id).healthy() == HOSTS - cut.size()), fleet::toString);
      cut.forEach(host -> assertEquals(List.of(), host.did()));
      fleet.connect();
      assertFinishes(fleet, id);
    }
  }

  @Test
  void whatIsReplayedCountsOnce() throws Exception {
    try (MadeFleet fleet = fleet()) {
      int id = fleet.started(BUNDLE, SOAK);
      TalkingHost first = first(fleet);
      ActivationLease lease = first.leases().getFirst();
      for (int i = 0; i < AGAIN; i++) {
        first.say(new HostMessage.LeaseRequest(BUNDLE, lease.nonce()));
        say(first, lease, HostMessage.Step.STARTED);
      }
      fleet.pass(30);
      assertEquals(1, fleet.status(id).exposed());
      assertTrue(fleet.passUntil(() -> fleet.status(id).healthy() == 1), fleet::toString);
      long before = fleet.status(id).healthy();
      for (int i = 0; i < AGAIN; i++) {
        say(first, lease, HostMessage.Step.CONFIRMED);
      }
      fleet.pass(10);
      // Others may have come to be well meanwhile: after a whole soak, none of them before.
      assertEquals(before, fleet.status(id).healthy());
      assertFinishes(fleet, id);
    }
  }

  @Test
  void whoeverForgesAnothersLeaseConfirmsNothing() throws Exception {
    try (MadeFleet fleet = fleet()) {
      int id = fleet.started(BUNDLE, SOAK);
      TalkingHost first = first(fleet);
      ActivationLease lease = first.leases().getFirst();
      first.disconnect();
      for (TalkingHost other : fleet.hosts()) {
        say(other, lease, HostMessage.Step.STARTED);
        say(other, lease, HostMessage.Step.CONFIRMED);
      }
      fleet.pass(2 * SOAK);
      assertEquals(0, fleet.status(id).healthy());
      assertEquals(1, fleet.status(id).exposed());
      first.connect(fleet.server().hostPort());
      assertFinishes(fleet, id);
    }
  }

  @Test
  void aHostThatLiesThatItIsWellIsNotBelievedBeforeItsTime() throws Exception {
    try (MadeFleet fleet = fleet()) {
      int id = fleet.started(BUNDLE, SOAK);
      TalkingHost liar = first(fleet);
      for (int i = 0; i < AGAIN; i++) {
        say(liar, liar.leases().getFirst(), HostMessage.Step.CONFIRMED);
      }
      fleet.pass(SOAK / 2);
      assertEquals(0, fleet.status(id).healthy());
      assertEquals(1, fleet.status(id).exposed());
      assertFinishes(fleet, id);
    }
  }

  private static void cryWolf(TalkingHost host) {
    for (int i = 0; i < AGAIN; i++) {
      for (HostMessage.Symptom symptom : HostMessage.Symptom.values()) {
        host.say(new HostMessage.Failure(symptom, "wolf"));
      }
    }
  }

  @Test
  void whoeverCriesWolfWithoutTheUpdateSaysNothingAboutIt() throws Exception {
    try (MadeFleet fleet = fleet()) {
      int id = fleet.started(BUNDLE, SOAK);
      TalkingHost first = first(fleet);
      fleet.hosts().stream().filter(host -> !host.equals(first)).forEach(FleetFaultsTest::cryWolf);
      assertFinishes(fleet, id);
    }
  }

  @Test
  void theFirstHostThatCriesWolfHaltsItWhichIsTheSafeSide() throws Exception {
    try (MadeFleet fleet = fleet()) {
      int id = fleet.started(BUNDLE, SOAK);
      cryWolf(first(fleet));
      assertTrue(fleet.passUntil(() -> fleet.desk().find(id).orElseThrow().halt().isPresent()));
      fleet.pass(2 * SOAK);
      assertEquals(1, fleet.status(id).exposed());
      assertEquals(List.of(), running(fleet));
    }
  }

  @Test
  void manyThatComeBackAtOnceAreTakenInAsThoughOneByOne() throws Exception {
    try (MadeFleet fleet = fleet()) {
      int id = fleet.started(BUNDLE, SOAK);
      first(fleet);
      for (int i = 0; i < AGAIN; i++) {
        fleet.hosts().forEach(TalkingHost::disconnect);
        fleet.connect();
      }
      assertFinishes(fleet, id);
    }
  }
}
