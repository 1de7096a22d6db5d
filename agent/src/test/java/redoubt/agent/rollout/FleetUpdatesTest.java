package redoubt.agent.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.activation.ContentIntake;
import redoubt.agent.activation.Offer;
import redoubt.agent.activation.RefusedException;
import redoubt.agent.fleet.Membership;
import redoubt.agent.fleet.UpdateChannel;
import redoubt.agent.health.Counter;
import redoubt.agent.health.HandClock;
import redoubt.agent.supply.BundleSource;
import redoubt.agent.supply.Published;
import redoubt.agent.supply.Supply;
import redoubt.agent.supply.SupplyException;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;
import redoubt.core.wire.HostMessage.Step;

/// What a host does with its fleet's word on updates, and what it tells.
class FleetUpdatesTest implements UpdateChannel, ContentIntake, BundleSource {
  private static final EngineId SIGMA = new EngineId("sigma");
  private static final Release RELEASE = new Release(Sha256.hash(new byte[0]), "acme", "rules", 7);
  private static final BundleName BUNDLE = RELEASE.named(SIGMA);
  private static final Membership OWN =
      new Membership(new HostId(1, 2), 1, Octets.of(new byte[32]));

  @TempDir private Path folder = Path.of("");
  private final HandClock clock = new HandClock();
  private final List<HostMessage> said = new ArrayList<>();
  private final List<BundleName> asked = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private final List<String> backs = new ArrayList<>();
  private final Map<String, Long> counters = new HashMap<>();
  private int fetched;
  private boolean nothingToBeHad;
  private boolean isConnected = true;
  private boolean directs = true;
  private OptionalLong lease = OptionalLong.empty();
  private Life life = Life.EMPTY;
  private Optional<Membership> membership = Optional.of(OWN);
  private FleetUpdates updates = updates();

  @BeforeEach
  void begin() {
    updates = updates();
  }

  private FleetUpdates updates() {
    return new FleetUpdates(
        this,
        this,
        this,
        () -> life.active().map(release -> release.named(SIGMA)).stream().toList(),
        new HostSymptoms(() -> Map.copyOf(counters), () -> false),
        folder,
        (_, subject, text) -> notices.add(subject + ": " + text),
        clock,
        Runnable::run);
  }

  @Override
  public Optional<Membership> membership() {
    return membership;
  }

  @Override
  public boolean directsUpdates() {
    return directs;
  }

  @Override
  public boolean ask(BundleName bundle) {
    if (isConnected) {
      asked.add(bundle);
    }
    return isConnected;
  }

  @Override
  public OptionalLong lease(Sha256 bundle) {
    return lease;
  }

  @Override
  public void giveUp(Sha256 bundle) {
    lease = OptionalLong.empty();
  }

  @Override
  public void say(HostMessage message) {
    said.add(message);
  }

  @Override
  public Life life(EngineId engine) {
    return life;
  }

  @Override
  public Offer.Taken activate(Offer offer) throws RefusedException {
    assertTrue(Files.exists(offer.file()));
    life = life.offered(RELEASE, Instant.EPOCH);
    return new Offer.Taken(SIGMA, RELEASE);
  }

  @Override
  public Release rollBack(EngineId engine, String reason) throws RefusedException {
    if (life.onProbation().isEmpty()) {
      throw new RefusedException("there is nothing to fall back to");
    }
    backs.add(reason);
    life = life.rolledBack(reason, Instant.EPOCH);
    return RELEASE;
  }

  @Override
  public Supply.Supplied fetch(String target) throws IOException, SupplyException {
    fetched++;
    if (nothingToBeHad) {
      throw SupplyException.busy();
    }
    return new Supply.Supplied(Files.createFile(folder.resolve("fetched")), target, "ours");
  }

  @Override
  public List<Published> published(String vendor, EngineId engine, String name) {
    throw new AssertionError("nobody asks");
  }

  /// The candidate has been tried.
  private void tried() {
    life = life.passed(Instant.EPOCH).passed(Instant.EPOCH);
  }

  private List<Step> steps() {
    return said.stream()
        .filter(HostMessage.Activation.class::isInstance)
        .map(message -> ((HostMessage.Activation) message).step())
        .toList();
  }

  @Test
  void whatIsOfferedIsFetchedTriedAndActivatedWithALease() {
    updates.connected();
    updates.offered(BUNDLE);
    updates.check();
    assertEquals(List.of(new HostMessage.Running(List.of())), said);
    assertEquals(RELEASE, life.candidate().orElseThrow().release());
    assertFalse(Files.exists(folder.resolve("fetched")));

    tried();
    assertFalse(updates.mayActivate(SIGMA, RELEASE));
    assertFalse(updates.mayActivate(SIGMA, RELEASE));
    assertEquals(List.of(BUNDLE), asked, "once is enough");
    updates.refused(BUNDLE.sha256(), FleetMessage.Reason.RING_NOT_OPEN);
    assertEquals(
        "sigma: waits for its fleet: acme/sigma/rules-7.bundle reason=ring-not-open",
        notices.getLast());

    lease = OptionalLong.of(5);
    assertTrue(updates.mayActivate(SIGMA, RELEASE));
    updates.check();
    assertEquals(List.of(), steps());
    life = life.passed(Instant.EPOCH);
    updates.check();
    assertEquals(new HostMessage.Activation(BUNDLE, 5, Step.STARTED, ""), said.getLast());
    updates.check();
    life = life.confirmed();
    updates.check();
    updates.check();
    assertEquals(List.of(Step.STARTED, Step.CONFIRMED), steps());
  }

  @Test
  void whatFallsBackByItselfIsTold() {
    activated();
    life = life.rolledBack("denies /bin/sh", Instant.EPOCH);
    updates.check();
    assertEquals(
        new HostMessage.Activation(BUNDLE, 5, Step.ROLLED_BACK, "denies /bin/sh"), said.getLast());
  }

  private void activated() {
    life = life.offered(RELEASE, Instant.EPOCH);
    tried();
    lease = OptionalLong.of(5);
    assertTrue(updates.mayActivate(SIGMA, RELEASE));
    life = life.passed(Instant.EPOCH);
    updates.check();
    assertEquals(List.of(Step.STARTED), steps());
  }

  @Test
  void whatWasToldBeforeTheAgentWasKilledIsNotForgotten() {
    activated();
    said.clear();
    updates = updates();
    updates.check();
    assertEquals(List.of(), steps(), "it was told");
    updates.connected();
    updates.check();
    assertEquals(List.of(Step.STARTED), steps(), "another connection hears all of it");
    life = life.confirmed();
    updates.check();
    assertEquals(new HostMessage.Activation(BUNDLE, 5, Step.CONFIRMED, ""), said.getLast());
  }

  @Test
  void anotherEnrolmentHasNothingToDoWithTheOneBefore() {
    activated();
    said.clear();
    membership = Optional.of(new Membership(OWN.host(), 2, OWN.leaseKey()));
    updates = updates();
    updates.connected();
    updates.check();
    assertEquals(List.of(), steps());
  }

  @Test
  void whatTheFleetTakesBackGoes() {
    activated();
    updates.rollBack(BUNDLE, "bad");
    assertEquals(List.of("by its fleet: bad"), backs);
    updates.check();
    assertEquals(
        new HostMessage.Activation(BUNDLE, 5, Step.ROLLED_BACK, "by its fleet: bad"),
        said.getLast());
  }

  @Test
  void whatIsNotHereIsTakenBackAtOnce() {
    lease = OptionalLong.of(5);
    updates.rollBack(BUNDLE, "bad");
    assertEquals(
        new HostMessage.Activation(BUNDLE, 1, Step.ROLLED_BACK, "it is not in force here"),
        said.getLast());
    assertTrue(lease.isEmpty(), "nothing comes into force by a lease of before");
  }

  @Test
  void whatCannotBeHadIsTriedAgainMoreAndMoreRarely() {
    nothingToBeHad = true;
    updates.offered(BUNDLE);
    updates.check();
    updates.check();
    assertEquals(1, fetched);
    clock.pass(Duration.ofSeconds(31));
    updates.check();
    clock.pass(Duration.ofSeconds(31));
    updates.check();
    assertEquals(2, fetched);
    assertEquals(1, notices.size(), notices::toString);
    nothingToBeHad = false;
    clock.pass(Duration.ofSeconds(31));
    updates.check();
    assertEquals(3, fetched);
    assertTrue(life.candidate().isPresent());
  }

  @Test
  void anotherBundleOfThatNameIsNotTaken() {
    BundleName other = new BundleName("acme", SIGMA, "rules", 7, Sha256.ofText("other"));
    updates.offered(other);
    updates.check();
    assertEquals(Life.EMPTY, life);
    assertTrue(notices.getLast().contains("published another one by that name"));
  }

  @Test
  void whereTheOwnerDecidesNobodyIsAsked() throws Exception {
    directs = false;
    updates.offered(BUNDLE);
    updates.check();
    assertEquals(0, fetched);
    assertTrue(updates.mayActivate(SIGMA, RELEASE));
    assertEquals(List.of(), asked);
  }

  @Test
  void whereTheFleetDecidesNobodyElseDoes() {
    DirectedIntake intake = new DirectedIntake(this, this);
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () -> intake.activate(Offer.unsigned(folder.resolve("mine"), 0)));
    assertTrue(String.valueOf(refused.getMessage()).contains("--updates local"));
    assertEquals(Life.EMPTY, life);
  }

  @Test
  void whatGoesWrongIsToldOnceAnHour() {
    counters.put(Counter.ENGINE_EXITS.metric(), 1L);
    updates.check();
    counters.put(Counter.ENGINE_EXITS.metric(), 4L);
    clock.pass(Duration.ofMinutes(1));
    updates.check();
    HostMessage.Failure failure = (HostMessage.Failure) said.getLast();
    assertEquals(HostMessage.Symptom.CRASH_LOOP, failure.symptom());
    int before = said.size();
    counters.put(Counter.ENGINE_EXITS.metric(), 9L);
    clock.pass(Duration.ofMinutes(1));
    updates.check();
    assertEquals(before, said.size());
  }

  @Test
  void denialsThatAreUsualHereAreNoSymptom() {
    counters.put(Counter.DENIED.metric(), 0L);
    counters.put(Counter.EVENTS_READ.metric(), 0L);
    updates.check();
    for (int minute = 1; minute <= 60; minute++) {
      counters.merge(Counter.DENIED.metric(), 30L, Long::sum);
      counters.merge(Counter.EVENTS_READ.metric(), 100L, Long::sum);
      clock.pass(Duration.ofMinutes(1));
      updates.check();
    }
    long told = said.stream().filter(HostMessage.Failure.class::isInstance).count();
    assertEquals(1, told, "only until it is known that they are");
    counters.merge(Counter.DENIED.metric(), 500L, Long::sum);
    counters.merge(Counter.EVENTS_READ.metric(), 1_000L, Long::sum);
    clock.pass(Duration.ofMinutes(61));
    updates.check();
    assertEquals(2, said.stream().filter(HostMessage.Failure.class::isInstance).count());
  }
}
