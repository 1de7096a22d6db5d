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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.admission.AdmissionReport;
import redoubt.agent.engine.EngineContent;
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
        folder, PROBATION, (_, subject, text) -> notices.add(subject + ": " + text), host.time);
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

  private final class MadeHost implements ActivationHost {
    private final List<String> handed = new CopyOnWriteArrayList<>();
    private final List<EngineContent> contents = new ArrayList<>();
    private volatile List<AdmissionReport.Problem> problems = List.of();
    private volatile Optional<String> failure = Optional.empty();
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
