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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.admission.AdmissionReport;
import redoubt.agent.admission.Backtest;
import redoubt.agent.admission.HostPast;
import redoubt.agent.engine.EngineContent;
import redoubt.agent.engine.EngineTrial;
import redoubt.agent.engine.ShadowFigures;
import redoubt.agent.health.TimeSource;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.content.BundleFile;
import redoubt.core.content.BundleWriter;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.LifeFolders;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.TestVector;

/// The desk with a host that does as it is told.
class ContentDeskTest {
  private static final EngineId ENGINE = new EngineId("made");
  private static final Duration PROBATION = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final MadeHost host = new MadeHost();
  private Duration trial = Duration.ZERO;
  private Set<Stages.Stage> skipped = Set.of();
  private ContentDesk desk;

  @BeforeEach
  void open() throws IOException {
    Files.writeString(folder.resolve("made.engine"), "id=made\ncommand=/bin/true\nauth=EXEC\n");
    desk = opened();
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private ContentDesk opened() {
    return ContentDesk.open(
        folder,
        new Stages(trial, PROBATION, skipped),
        (_, subject, text) -> notices.add(subject + ": " + text),
        host.time);
  }

  @Test
  void whatIsAdmittedIsInForceAndThenGood() throws Exception {
    desk.serve(host);
    desk.activate(bundle(1));
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
  void whatIsNotAdmittedIsNeverTakenAgain() throws Exception {
    desk.serve(host);
    host.problems =
        List.of(new AdmissionReport.Problem(AdmissionReport.Step.LOAD, "the engine ended"));
    Path bundle = bundle(1);
    desk.activate(bundle);
    await("refused: acme/content version=1 reason=at admission (load): the engine ended");
    assertEquals(List.of(), host.handed);
    assertThrows(RefusedException.class, () -> desk.activate(bundle));
  }

  @Test
  void theProcessThatWasTriedTakesOver() throws Exception {
    trial = Duration.ofMinutes(10);
    desk.close();
    desk = opened();
    desk.serve(host);
    desk.activate(bundle(1));
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
    desk.activate(bundle(1));
    await("refused: acme/content version=1 reason=at trial: denies /bin/sh");
    assertEquals(List.of(), host.handed);
  }

  @Test
  void whatFindsMuchInThePastIsRefused() throws Exception {
    desk.serve(host);
    host.shown.put(Duration.ZERO, new Backtest.Shown(null, 1, 1_000, Map.of("loud", 101)));
    desk.activate(bundle(1));
    await(
        "refused: acme/content version=1 reason=at trial: finds much more in the same events than"
            + " what is in force: findings=101 before=0 events=1000 most of loud (101)");
  }

  @Test
  void whatFailsBesideTheOneThatServesIsRefused() throws Exception {
    trial = Duration.ofMinutes(10);
    desk.close();
    desk = opened();
    desk.serve(host);
    host.process.unready = Optional.of("status=1");
    refusedAtTrial(1, "status=1");
    host.process.unready = Optional.empty();
    host.process.ended = Optional.of("signal=11");
    refusedAtTrial(2, "the engine failed on what happens here: signal=11");
    host.process.ended = Optional.empty();
    host.process.figures = shadowed(0, 1, Map.of());
    refusedAtTrial(3, "cannot keep up with what happens here: dropped=1");
    host.process.figures = shadowed(6, 0, Map.of());
    refusedAtTrial(4, "answers too late: late=6 answered=100");
    host.process.figures = shadowed(0, 0, Map.of("/tmp/new", "r", "/usr/bin/known", "greedy"));
    refusedAtTrial(5, "denies /usr/bin/known, which runs on this host: rule=greedy");
    host.process.figures = shadowed(0, 0, Map.of("/tmp/new", "r"));
    host.process.idle = false;
    refusedAtTrial(6, "the engine does not get done with what it was asked and told");
    host.process.idle = true;
    desk.activate(bundle(7));
    letPass("in force: acme/content version=7");
    assertEquals(List.of("tried acme-7"), host.handed);
  }

  private void refusedAtTrial(long version, String why) throws Exception {
    host.process.over = false;
    desk.activate(bundle(version));
    letPass("refused: acme/content version=" + version + " reason=at trial: " + why);
    awaitTrue("its process has ended", () -> host.process.over);
    assertEquals(List.of(), host.handed);
  }

  @Test
  void whatHasToMakeRoomMayComeAgain() throws Exception {
    trial = Duration.ofMinutes(10);
    desk.close();
    desk = opened();
    desk.serve(host);
    host.process.withdrawn = true;
    desk.activate(bundle(1));
    await("given up: acme/content version=1 reason=other content took its place");
    host.process.withdrawn = false;
    desk.activate(bundle(1));
    letPass("in force: acme/content version=1");
  }

  @Test
  void aStageThatIsSkippedIsNotGoneThrough() throws Exception {
    skipped = Set.of(Stages.Stage.ADMISSION, Stages.Stage.TRIAL, Stages.Stage.PROBATION);
    desk.close();
    desk = opened();
    desk.serve(host);
    host.untriable = true;
    desk.activate(bundle(1));
    await("in force: acme/content version=1, without probation");
    assertEquals(List.of(), host.backtested);
    assertEquals(1, life().good().orElseThrow().version());
  }

  @Test
  void whatCouldNotBeTriedMayComeAgain() throws Exception {
    desk.serve(host);
    host.untriable = true;
    Path bundle = bundle(1);
    desk.activate(bundle);
    await("given up: acme/content version=1");
    host.untriable = false;
    desk.activate(bundle);
    await("in force: acme/content version=1");
  }

  @Test
  void whatCannotTakeOverMayComeAgain() throws Exception {
    desk.serve(host);
    host.failure = Optional.of("did not connect");
    desk.activate(bundle(1));
    await("given up: acme/content version=1 reason=it could not take over: did not connect");
    assertTrue(life().active().isEmpty());
    host.failure = Optional.empty();
    desk.activate(bundle(1));
    await("in force: acme/content version=1");
  }

  @Test
  void aFaultOnProbationBringsTheOneBeforeBack() throws Exception {
    makeGood(1);
    desk.activate(bundle(2));
    await("in force: acme/content version=2");
    EngineContent next = desk.failed(ENGINE, host.last(), "signal=11");
    assertNotNull(next);
    assertEquals("acme-1", next.version());
    assertEquals(1, life().active().orElseThrow().version());
    assertEquals("acme-1", failedAgain(next), "what is good is not taken back for its faults");
  }

  private String failedAgain(EngineContent content) {
    EngineContent next = desk.failed(ENGINE, content, "signal=11");
    return next == null ? "nothing" : next.version();
  }

  @Test
  void aFaultOfTheFirstContentLeavesNone() throws Exception {
    desk.serve(host);
    desk.activate(bundle(1));
    await("in force: acme/content version=1");
    assertNull(desk.failed(ENGINE, host.last(), "signal=11"));
  }

  @Test
  void whatHurtsOnProbationIsTakenBack() throws Exception {
    makeGood(1);
    desk.activate(bundle(2));
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
    desk.activate(bundle(1));
    await("waiting");
    desk.activate(bundle(2));
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
    desk.activate(bundle(1));
    await("given up: acme/content version=1");
    host.untriable = false;
    host.waits = true;
    desk.activate(bundle(1));
    await("waiting");
    desk.close();
    host.waits = false;
    desk = opened();
    desk.serve(host);
    await("in force: acme/content version=1");
  }

  private void makeGood(long version) throws Exception {
    desk.serve(host);
    desk.activate(bundle(version));
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
    awaitTrue(notice, () -> notices.stream().anyMatch(each -> each.contains(notice)));
  }

  private void awaitHanded(String version) throws InterruptedException {
    awaitTrue(version, () -> host.handed.getLast().equals(version));
  }

  private interface Condition {
    boolean holds();
  }

  private void awaitTrue(String what, Condition condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertTrue(System.nanoTime() - end < 0, () -> what + " did not come: " + notices);
      Thread.sleep(5);
    }
  }

  private Path bundle(long version) throws Exception {
    Path payload = Files.writeString(folder.resolve("payload"), "content " + version);
    BundleManifest manifest =
        new BundleManifest(
            "acme",
            ENGINE,
            "content",
            version,
            Instant.ofEpochMilli(1_000),
            "0".repeat(64),
            BundleManifest.VersionRange.ALL,
            new BundleManifest.Limits(1_000, 1_000, 64),
            List.of());
    HostEvent event =
        new HostEvent.ProcessExit(1_000_000_000L, ProcessInfo.UNKNOWN.forkedAs(1, 1), 0);
    Path file = folder.resolve(version + ".bundle");
    Files.deleteIfExists(file);
    return BundleWriter.write(
            file,
            manifest,
            payload,
            List.of(TestVector.ofActivity("v", List.of(event), Set.of("r"), Set.of())))
        .file();
  }

  /// A process on trial that does as it is told.
  private final class MadeProcess implements EngineTrial {
    private volatile @Nullable EngineContent content;
    private volatile Optional<String> unready = Optional.empty();
    private volatile Optional<String> ended = Optional.empty();
    private volatile boolean withdrawn;
    private volatile boolean idle = true;
    private volatile boolean over;
    private volatile ShadowFigures figures = shadowed(0, 0, Map.of());

    private MadeProcess with(EngineContent tried) {
      content = tried;
      return this;
    }

    @Override
    public Optional<String> awaitReady() {
      return unready;
    }

    @Override
    public Optional<String> ending() {
      return ended;
    }

    @Override
    public boolean isWithdrawn() {
      return withdrawn;
    }

    @Override
    public Optional<ShadowFigures> figures() {
      return Optional.of(figures);
    }

    @Override
    public boolean isIdle() {
      host.pass(Duration.ofSeconds(2));
      return idle;
    }

    @Override
    public Optional<String> takeOver() {
      EngineContent taken = content;
      host.contents.add(taken == null ? host.last() : taken);
      host.handed.add("tried " + host.last().version());
      return Optional.empty();
    }

    @Override
    public void end(String reason) {
      over = true;
    }
  }

  private static ShadowFigures shadowed(long late, long dropped, Map<String, String> denials) {
    return new ShadowFigures(
        100, 100, late, 0, 100, dropped, 0, 0, denials.size(), denials, 1 << 20);
  }

  private final class MadeHost implements ActivationHost {
    private final List<String> handed = new CopyOnWriteArrayList<>();
    private final List<EngineContent> contents = new ArrayList<>();
    private volatile List<AdmissionReport.Problem> problems = List.of();
    private volatile Optional<String> failure = Optional.empty();
    private final List<String> backtested = new CopyOnWriteArrayList<>();
    private final Map<Duration, Backtest.Shown> shown = new ConcurrentHashMap<>();
    private final MadeProcess process = new MadeProcess();
    private volatile boolean untriable;
    private volatile boolean waits;
    private volatile String state = "ready";
    private final AtomicLong passed = new AtomicLong();

    private final TimeSource time =
        new TimeSource() {
          @Override
          public long nanos() {
            return passed.get();
          }

          @Override
          public long wallMillis() {
            return 1_000_000 + passed.get() / 1_000_000;
          }
        };

    private void pass(Duration time) {
      passed.addAndGet(time.toNanos());
    }

    @Override
    public Optional<EngineManifest> manifest(EngineId engine) {
      try {
        return Optional.of(EngineManifest.read(folder.resolve("made.engine"), folder, folder));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public boolean runs(EngineId engine) {
      return true;
    }

    @Override
    public Optional<String> start(EngineId engine) {
      throw new IllegalStateException("it runs");
    }

    @Override
    public AdmissionReport admit(BundleFile bundle, EngineManifest engine) throws IOException {
      if (untriable) {
        throw new IOException("no room");
      }
      List<AdmissionReport.Problem> found = problems;
      notices.add("waiting");
      while (waits) {
        Thread.onSpinWait();
      }
      return new AdmissionReport(found, "1", 1, 1, 1, new AdmissionReport.Costs(1, 1, 1, 1));
    }

    @Override
    public HostPast past(EngineManifest engine) {
      return HostPast.NONE;
    }

    @Override
    public boolean ranBefore(String path) {
      return path.equals("/usr/bin/known");
    }

    @Override
    public Backtest.Shown backtest(
        BundleFile bundle, EngineManifest engine, HostPast past, Duration ahead) {
      backtested.add(bundle.manifest().version() + "+" + ahead.toHours());
      return shown.getOrDefault(ahead, Backtest.Shown.NOTHING);
    }

    @Override
    public Optional<EngineTrial> beginTrial(EngineId engine, EngineContent content) {
      return Optional.of(process.with(content));
    }

    @Override
    public synchronized Optional<String> handOver(
        EngineId engine, EngineContent content, boolean urgent) {
      if (failure.isEmpty()) {
        contents.add(content);
        handed.add(content.version());
      }
      return failure;
    }

    private synchronized EngineContent last() {
      return contents.getLast();
    }

    @Override
    public void withdraw(EngineId engine) {
      handed.add("nothing");
    }

    @Override
    public Optional<String> objection(EngineId engine) {
      return Optional.empty();
    }

    @Override
    public Optional<EngineContent> other(EngineId engine) {
      return Optional.empty();
    }

    @Override
    public List<ControlReply.Engine> figures() {
      return List.of(
          new ControlReply.Engine(
              ENGINE.value(),
              "Made",
              "acme",
              "1",
              EngineMode.ENFORCE,
              state,
              1,
              1,
              0,
              "content",
              "",
              "",
              1,
              0,
              0,
              0,
              0,
              1,
              1,
              new ControlReply.Costs(0, 0, 1, 0, 0),
              List.of(),
              List.of()));
    }
  }
}
