package redoubt.agent.activation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.admission.AdmissionReport;
import redoubt.agent.admission.Backtest;
import redoubt.agent.engine.EngineContent;
import redoubt.core.content.BundleFile;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.LifeFolders;
import redoubt.core.model.EngineId;

/// The desk with a host that does as it is told.
class ContentDeskTest {
  private static final EngineId ENGINE = MadeHost.ENGINE;
  private static final Duration PROBATION = Duration.ofMinutes(10);

  @TempDir Path folder;
  private final Heard heard = new Heard();
  private final List<String> notices = heard.lines;
  private MadeHost host;
  private Duration trial = Duration.ZERO;
  private Set<Stages.Stage> skipped = Set.of();
  private ContentDesk desk;

  @BeforeEach
  void open() throws IOException {
    Files.writeString(folder.resolve("made.engine"), "id=made\ncommand=/bin/true\nauth=EXEC\n");
    host = new MadeHost(folder, notices);
    desk = opened();
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private void openAgain() {
    desk.close();
    desk = opened();
    desk.serve(host);
  }

  private ContentDesk opened() {
    return ContentDesk.open(
        folder, () -> new Stages(trial, PROBATION, skipped), true, heard, host.time);
  }

  /// Who may speak for one vendor in a repository brings no other's under that name.
  @Test
  void whatIsSignedIsWhatItsNameSays() throws Exception {
    desk.serve(host);
    String target = BundleFile.open(bundle(1)).manifest().target();
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () -> desk.activate(Offer.signed(bundle(1), "other/" + target, "ours")));
    assertTrue(String.valueOf(refused.getMessage()).contains(target), refused::toString);
    desk.activate(Offer.signed(bundle(1), target, "ours"));
    await("in force: acme/content version=1");
    assertTrue(notices.stream().anyMatch(notice -> notice.endsWith("repository=ours")));
  }

  @Test
  void whatIsAdmittedIsInForceAndThenGood() throws Exception {
    desk.serve(host);
    desk.activate(Offer.unsigned(bundle(1), 0));
    await("in force: acme/content version=1");
    assertEquals(List.of("acme-1"), host.handed);
    desk.check();
    assertTrue(life().good().isEmpty());
    host.pass(PROBATION);
    desk.check();
    assertEquals(1, life().good().orElseThrow().version());
    assertEquals(Set.of(ENGINE), desk.inForce());
  }

  @Test
  void whatWasTriedWaitsToBeLetInAlsoOverARestart() throws Exception {
    desk.serve(host);
    host.lets = false;
    desk.activate(Offer.unsigned(bundle(1), 0));
    await("waits to be let in: acme/content version=1");
    desk.check();
    assertEquals(List.of(), host.handed);
    int admissions = host.admitted.size();

    openAgain();
    desk.check();
    assertEquals(List.of(), host.handed);
    host.lets = true;
    desk.check();
    await("in force: acme/content version=1");
    assertEquals(List.of("acme-1"), host.handed);
    assertEquals(admissions, host.admitted.size(), "it was tried");
  }

  @Test
  void somethingNewerTakesThePlaceOfWhatWaits() throws Exception {
    desk.serve(host);
    host.lets = false;
    desk.activate(Offer.unsigned(bundle(1), 0));
    await("waits to be let in: acme/content version=1");
    host.lets = true;
    desk.activate(Offer.unsigned(bundle(2), 0));
    await("in force: acme/content version=2");
    assertEquals(List.of("acme-2"), host.handed);
  }

  @Test
  void whatIsNotAdmittedIsNeverTakenAgain() throws Exception {
    desk.serve(host);
    host.problems =
        List.of(new AdmissionReport.Problem(AdmissionReport.Step.LOAD, "the engine ended"));
    Path bundle = bundle(1);
    desk.activate(Offer.unsigned(bundle, 0));
    await("refused: acme/content version=1 reason=at admission (load): the engine ended");
    assertEquals(List.of(), host.handed);
    assertThrows(RefusedException.class, () -> desk.activate(Offer.unsigned(bundle, 0)));
  }

  @Test
  void theProcessThatWasTriedTakesOver() throws Exception {
    trial = Duration.ofMinutes(10);
    openAgain();
    desk.activate(Offer.unsigned(bundle(1), 0));
    await("on trial: acme/content version=1 seconds=600");
    assertTrue(life().active().isEmpty());
    letPass("in force: acme/content version=1");
    assertEquals(List.of("tried acme-1"), host.handed);
    assertFalse(host.process.over);
    assertEquals(
        Backtest.canSetClocks() ? List.of("1+0", "1+1", "1+24", "1+720") : List.of("1+0"),
        host.backtested);
  }

  /// Time passes for the desk until a notice comes.
  private void letPass(String notice) throws InterruptedException {
    awaitTrue(
        notice,
        () -> {
          host.pass(Duration.ofSeconds(10));
          return notices.stream().anyMatch(line -> line.contains(notice));
        });
  }

  @Test
  void whatFailsOnThePastIsRefused() throws Exception {
    desk.serve(host);
    host.shown.put(
        Duration.ZERO,
        new Backtest.Shown(
            new AdmissionReport.Problem(AdmissionReport.Step.PAST, "denies /bin/sh"),
            1,
            0,
            Map.of()));
    desk.activate(Offer.unsigned(bundle(1), 0));
    await("refused: acme/content version=1 reason=at trial: denies /bin/sh");
    assertEquals(List.of(), host.handed);
  }

  @Test
  void whatFindsMuchInThePastIsRefused() throws Exception {
    desk.serve(host);
    host.shown.put(Duration.ZERO, new Backtest.Shown(null, 1, 1_000, Map.of("loud", 101L)));
    desk.activate(Offer.unsigned(bundle(1), 0));
    await(
        "refused: acme/content version=1 reason=at trial: finds much more in the same events than"
            + " what is in force: findings=101 before=0 events=1000 most of loud (101)");
  }

  @Test
  void whatFailsBesideTheOneThatServesIsRefused() throws Exception {
    trial = Duration.ofMinutes(10);
    openAgain();
    host.process.unready = Optional.of("status=1");
    refusedAtTrial(1, "status=1");
    host.process.unready = Optional.empty();
    host.process.ended = Optional.of("signal=11");
    refusedAtTrial(2, "the engine failed on what happens here: signal=11");
    host.process.ended = Optional.empty();
    host.process.figures = MadeHost.shadowed(0, 201, Map.of());
    refusedAtTrial(3, "cannot keep up with what happens here: dropped=201");
    host.process.figures = MadeHost.shadowed(6, 0, Map.of());
    refusedAtTrial(4, "answers too late: late=6 answered=100");
    host.process.figures =
        MadeHost.shadowed(0, 0, Map.of("/tmp/new", "r", "/usr/bin/known", "greedy"));
    refusedAtTrial(5, "denies /usr/bin/known, which runs on this host: rule=greedy");
    host.process.figures = MadeHost.shadowed(0, 0, Map.of("/tmp/new", "r"));
    host.process.idle = false;
    refusedAtTrial(6, "the engine does not get done with what it was asked and told");
    host.process.idle = true;
    desk.activate(Offer.unsigned(bundle(7), 0));
    letPass("in force: acme/content version=7");
    assertEquals(List.of("tried acme-7"), host.handed);
  }

  private void refusedAtTrial(long version, String why) throws Exception {
    host.process.over = false;
    desk.activate(Offer.unsigned(bundle(version), 0));
    letPass("refused: acme/content version=" + version + " reason=at trial: " + why);
    awaitTrue("its process has ended", () -> host.process.over);
    assertEquals(List.of(), host.handed);
  }

  @Test
  void whatHasToMakeRoomMayComeAgain() throws Exception {
    trial = Duration.ofMinutes(10);
    openAgain();
    host.process.withdrawn = true;
    desk.activate(Offer.unsigned(bundle(1), 0));
    await("given up: acme/content version=1 reason=its process had to make room");
    notices.clear();
    host.process.unready = Optional.of("ended");
    desk.activate(Offer.unsigned(bundle(1), 0));
    await("given up: acme/content version=1 reason=its process had to make room");
    notices.clear();
    host.process.unready = Optional.empty();
    host.process.withdrawn = false;
    host.process.idle = false;
    host.process.onIdle = () -> host.process.withdrawn = true;
    desk.activate(Offer.unsigned(bundle(1), 0));
    letPass("given up: acme/content version=1 reason=its process had to make room");
    assertTrue(host.process.rested);
    assertEquals(List.of(), life().refusals());
    notices.clear();
    host.process.onIdle = () -> {};
    host.process.withdrawn = false;
    host.process.idle = true;
    desk.activate(Offer.unsigned(bundle(1), 0));
    letPass("in force: acme/content version=1");
  }

  @Test
  void aStageThatIsSkippedIsNotGoneThrough() throws Exception {
    skipped = Set.of(Stages.Stage.ADMISSION, Stages.Stage.TRIAL, Stages.Stage.PROBATION);
    openAgain();
    host.untriable = true;
    desk.activate(Offer.unsigned(bundle(1), 0));
    await("in force: acme/content version=1, without probation");
    assertEquals(List.of(), host.backtested);
    assertEquals(1, life().good().orElseThrow().version());
  }

  @Test
  void whatCouldNotBeTriedMayComeAgain() throws Exception {
    desk.serve(host);
    host.untriable = true;
    Path bundle = bundle(1);
    desk.activate(Offer.unsigned(bundle, 0));
    await("given up: acme/content version=1");
    host.untriable = false;
    desk.activate(Offer.unsigned(bundle, 0));
    await("in force: acme/content version=1");
  }

  @Test
  void whatCannotTakeOverMayComeAgain() throws Exception {
    desk.serve(host);
    host.failure = Optional.of("did not connect");
    desk.activate(Offer.unsigned(bundle(1), 0));
    await("given up: acme/content version=1 reason=it could not take over: did not connect");
    assertTrue(life().active().isEmpty());
    host.failure = Optional.empty();
    desk.activate(Offer.unsigned(bundle(1), 0));
    await("in force: acme/content version=1");
  }

  @Test
  void aFaultOnProbationBringsTheOneBeforeBack() throws Exception {
    makeGood(1);
    desk.activate(Offer.unsigned(bundle(2), 0));
    await("in force: acme/content version=2");
    EngineContent next = desk.faults().failed(ENGINE, host.last(), "signal=11");
    assertNotNull(next);
    assertEquals("acme-1", next.version());
    assertEquals(1, life().active().orElseThrow().version());
    assertEquals("acme-1", failedAgain(next), "there is nothing to fall back to");
  }

  @Test
  void whatIsGoodAndFailsAgainAndAgainGivesWayToTheOneBefore() throws Exception {
    makeGood(1);
    makeGood(2);
    EngineContent good = host.last();
    for (int i = 1; i < EngineLife.MOST_FAULTS; i++) {
      assertEquals("acme-2", failedAgain(good));
    }
    assertEquals("acme-1", failedAgain(good));
    await("rolled back: acme/content version=2 reason=the engine failed 4 times within 10 min");
    assertEquals(1, life().good().orElseThrow().version());
  }

  @Test
  void faultsOfManyHoursSayNothingAgainstWhatIsGood() throws Exception {
    makeGood(1);
    makeGood(2);
    EngineContent good = host.last();
    for (int i = 0; i < 3 * EngineLife.MOST_FAULTS; i++) {
      host.pass(EngineLife.WEARING.dividedBy(2));
      assertEquals("acme-2", failedAgain(good));
    }
  }

  @Test
  void whatIsGoodAndFailsWithNothingBeforeItStays() throws Exception {
    makeGood(1);
    for (int i = 0; i < 3 * EngineLife.MOST_FAULTS; i++) {
      assertEquals("acme-1", failedAgain(host.last()));
    }
  }

  private String failedAgain(EngineContent content) {
    EngineContent next = desk.faults().failed(ENGINE, content, "signal=11");
    return next == null ? "nothing" : next.version();
  }

  @Test
  void aFaultOfTheFirstContentLeavesNone() throws Exception {
    desk.serve(host);
    desk.activate(Offer.unsigned(bundle(1), 0));
    await("in force: acme/content version=1");
    assertNull(desk.faults().failed(ENGINE, host.last(), "signal=11"));
  }

  @Test
  void whatHurtsOnProbationIsTakenBack() throws Exception {
    makeGood(1);
    desk.activate(Offer.unsigned(bundle(2), 0));
    await("in force: acme/content version=2");
    host.state = "tripped";
    desk.check();
    await("rolled back: acme/content version=2 reason=the engine was tripped");
    awaitHanded("acme-1");
  }

  @Test
  void theOwnerTakesBackWhatIsGoodOnce() throws Exception {
    makeGood(1);
    makeGood(2);
    desk.rollBack(ENGINE, "too loud");
    awaitHanded("acme-1");
    assertThrows(RefusedException.class, () -> desk.rollBack(ENGINE, "too loud"));
  }

  /// A start that does not settle is one less for what is in force.
  @Test
  void startsAreCountedUntilTheHostHasSettled() throws Exception {
    makeGood(1);
    desk.settled();
    desk.close();
    for (int i = 0; i < Life.TRIES; i++) {
      desk = opened();
      assertTrue(desk.mayStart(ENGINE));
    }
    desk = opened();
    assertFalse(desk.mayStart(ENGINE));
    assertFalse(desk.observesOnly());
    desk = opened();
    assertFalse(desk.observesOnly());
    desk = opened();
    assertTrue(desk.observesOnly());
    assertTrue(notices.getLast().contains("nothing is decided"), notices::toString);
  }

  /// What has not been tried must not come into force for what has.
  @Test
  void aBundleThatTakesThePlaceOfOneThatIsTriedIsTriedToo() throws Exception {
    desk.serve(host);
    host.waits = true;
    desk.activate(Offer.unsigned(bundle(1), 0));
    await("waiting");
    desk.activate(Offer.unsigned(bundle(2), 0));
    host.problems =
        List.of(new AdmissionReport.Problem(AdmissionReport.Step.VECTORS, "came out otherwise"));
    host.waits = false;
    await("refused: acme/content version=2");
    assertEquals(List.of(), host.handed);
    assertTrue(life().active().isEmpty());
  }

  @Test
  void whatWasOnItsWayGoesOn() throws Exception {
    host.untriable = true;
    desk.serve(host);
    desk.activate(Offer.unsigned(bundle(1), 0));
    await("given up: acme/content version=1");
    host.untriable = false;
    host.waits = true;
    desk.activate(Offer.unsigned(bundle(1), 0));
    await("waiting");
    desk.close();
    host.waits = false;
    desk = opened();
    desk.serve(host);
    await("in force: acme/content version=1");
  }

  private void makeGood(long version) throws Exception {
    desk.serve(host);
    desk.activate(Offer.unsigned(bundle(version), 0));
    await("in force: acme/content version=" + version);
    host.pass(PROBATION);
    desk.check();
    assertEquals(version, life().good().orElseThrow().version());
  }

  /// As it is on disk.
  private Life life() throws IOException {
    return new LifeFolders(folder).of(ENGINE).read().life();
  }

  private void await(String notice) throws InterruptedException {
    heard.await(notice);
  }

  private void awaitHanded(String version) throws InterruptedException {
    awaitTrue(version, () -> host.handed.getLast().equals(version));
  }

  private void awaitTrue(String what, Heard.Condition condition) throws InterruptedException {
    heard.awaitTrue(what, condition);
  }

  private Path bundle(long version) throws Exception {
    return new MadeBundles(folder).content(version);
  }
}
