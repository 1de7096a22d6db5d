package redoubt.agent.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.activation.Offer;
import redoubt.agent.activation.RefusedException;
import redoubt.agent.activation.Stages;
import redoubt.agent.health.HandClock;
import redoubt.agent.platform.Slots.Slot;
import redoubt.agent.slot.ReleaseRefusedException;
import redoubt.agent.slot.SlotMaker;
import redoubt.core.content.BundleWriter;
import redoubt.core.content.PlatformRelease;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.core.wire.BundleManifest.VersionRange;

/// Releases of the platform on their way, with a supervisor that is the test.
class PlatformDeskTest implements SlotMaker, PlatformHost {
  private static final Duration PROBATION = Duration.ofMinutes(10);

  @TempDir private Path folder = Path.of("");
  private final HandClock clock = new HandClock();
  private final List<String> notices = new ArrayList<>();
  private final List<String> restarts = new ArrayList<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private boolean waits;
  private boolean isProtected;
  private boolean lets = true;
  private Optional<String> refusal = Optional.empty();
  private Optional<String> failure = Optional.empty();
  private Optional<String> objection = Optional.empty();
  private List<String> ready = List.of("scanner", "sigma");
  private Path home = Path.of("");
  private PlatformDesk desk = opened();

  @BeforeEach
  void begin() {
    home = folder.resolve("installed");
    start();
  }

  private PlatformDesk opened() {
    return new PlatformDesk(
        folder,
        home,
        slots(),
        () -> new Stages(Duration.ZERO, PROBATION, Set.of()),
        this,
        (_, _, text) -> notices.add(text),
        clock,
        this::later);
  }

  private void later(Runnable making) {
    if (waits) {
      waiting.add(making);
    } else {
      making.run();
    }
  }

  private Slots slots() {
    return Slots.in(folder.resolve("platform"));
  }

  /// What the supervisor does.
  private void start() {
    try {
      Path platform = folder.resolve("platform");
      home = folder.resolve("installed");
      for (String name : List.of("good", "trial")) {
        if (Files.exists(platform.resolve(name))) {
          home = platform.resolve("slot-" + Files.readString(platform.resolve(name)).strip());
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    desk = opened();
    desk.serve(this);
  }

  @Override
  public void make(Path archive, Path tree, Sha256 digest)
      throws IOException, ReleaseRefusedException {
    fail(refusal.filter("unpacked"::equals));
    if (failure.isPresent()) {
      throw new IOException(failure.get());
    }
    assertTrue(Files.exists(archive));
    Files.createDirectories(tree);
    Files.writeString(tree.resolve("release"), digest + "\n");
  }

  @Override
  public void tryOut(Path tree) throws ReleaseRefusedException {
    assertTrue(Files.exists(tree.resolve("release")) && isProtected);
    fail(refusal.filter("protects"::equals));
  }

  private static void fail(Optional<String> what) throws ReleaseRefusedException {
    if (what.isPresent()) {
      throw new ReleaseRefusedException("not " + what.get());
    }
  }

  @Override
  public List<String> readyEngines() {
    return ready;
  }

  @Override
  public Optional<String> objection() {
    return objection;
  }

  @Override
  public boolean mayActivate(EngineId id, Release release) {
    return lets;
  }

  @Override
  public void protectReleases() {
    isProtected = true;
  }

  @Override
  public void restart(String reason) {
    restarts.add(reason);
    desk.close();
  }

  private Path bundle(long version) throws Exception {
    return bundle(version, PlatformRelease.SCHEMA);
  }

  private Path bundle(long version, String schema) throws Exception {
    Path content = Files.writeString(folder.resolve("content"), "release " + version);
    BundleManifest manifest =
        new BundleManifest(
            "acme",
            PlatformRelease.ENGINE,
            "redoubt",
            version,
            Instant.EPOCH,
            schema,
            VersionRange.ALL,
            new Limits(1, 1, 1),
            List.of(),
            List.of());
    return BundleWriter.write(folder.resolve(version + ".bundle"), manifest, content, List.of())
        .file();
  }

  private void offer(long version) throws Exception {
    desk.activate(Offer.unsigned(bundle(version), 0));
  }

  private Life life() {
    return desk.life(PlatformRelease.ENGINE);
  }

  private void pass(Duration time) {
    clock.pass(time);
    desk.check();
  }

  /// Brings a version all the way.
  private void makeGood(long version) throws Exception {
    offer(version);
    start();
    pass(PROBATION);
    assertEquals(version, life().good().orElseThrow().version(), notices::toString);
  }

  @Test
  void aReleaseTakesOverAndIsGoodAfterItsProbation() throws Exception {
    offer(1);
    assertEquals(List.of("another release takes over: acme/redoubt version=1"), restarts);
    assertTrue(life().onProbation().isPresent());
    start();
    assertEquals(folder.resolve("platform/slot-a"), home);
    assertTrue(slots().isOnTrial(home));
    pass(Duration.ofMinutes(9));
    assertTrue(life().good().isEmpty());
    pass(Duration.ofMinutes(1));
    assertEquals(1, life().good().orElseThrow().version());
    assertEquals(Optional.of(Slot.A), slots().good());
    assertEquals(1, restarts.size());
    makeGood(2);
    assertEquals(folder.resolve("platform/slot-b"), home);
    makeGood(3);
    assertEquals(folder.resolve("platform/slot-a"), home);
  }

  @Test
  void whatWasTriedWaitsToBeLetInAlsoOverARestart() throws Exception {
    lets = false;
    offer(1);
    assertEquals(List.of(), restarts);
    assertEquals(Life.Stage.TRIED, life().candidate().orElseThrow().stage());
    start();
    pass(Duration.ofMinutes(2));
    assertEquals(List.of(), restarts);
    lets = true;
    pass(Duration.ofSeconds(2));
    assertEquals(1, restarts.size());
    start();
    assertTrue(life().onProbation().isPresent());
  }

  /// An agent that was killed while a release was being made ready.
  @Test
  void whatHadPassedBeforeTheAgentWasKilledCounts() throws Exception {
    waits = true;
    offer(1);
    waits = false;
    failure = Optional.of("the disk is full");
    start();
    failure = Optional.empty();
    offer(1);
    assertEquals(1, restarts.size());
  }

  @Test
  void oneWithWhichAnEngineIsMissingIsTakenBack() throws Exception {
    offer(1);
    start();
    ready = List.of("sigma");
    pass(Duration.ofSeconds(59));
    assertEquals(1, restarts.size());
    pass(Duration.ofSeconds(1));
    assertEquals("a release is taken back: acme/redoubt version=1", restarts.getLast());
    start();
    assertEquals(folder.resolve("installed"), home);
    assertEquals("engines are not ready with it: scanner", life().refusals().getFirst().reason());
    assertThrows(RefusedException.class, () -> offer(1));
    ready = List.of();
    makeGood(2);
  }

  @Test
  void whatTheSupervisorGaveUpIsNeverTakenAgain() throws Exception {
    offer(1);
    Files.delete(folder.resolve("platform/trial"));
    start();
    assertEquals("this host did not settle with it", life().refusals().getFirst().reason());
    assertThrows(RefusedException.class, () -> offer(1));
    makeGood(2);
    makeGood(3);
    // After four starts that did not settle.
    Files.move(folder.resolve("platform/before"), folder.resolve("platform/good.new"));
    Files.delete(folder.resolve("platform/good"));
    Files.move(folder.resolve("platform/good.new"), folder.resolve("platform/good"));
    start();
    assertEquals(2, life().good().orElseThrow().version());
    assertEquals(2, life().refusals().size());
    makeGood(4);
  }

  @Test
  void whatThisHostCannotRunIsRefusedAndWhatTheDiskCannotHoldIsNot() throws Exception {
    refusal = Optional.of("unpacked");
    offer(1);
    assertEquals("not unpacked", life().refusals().getFirst().reason());
    refusal = Optional.of("protects");
    offer(2);
    assertEquals("not protects", life().refusals().getLast().reason());
    refusal = Optional.empty();
    failure = Optional.of("the disk is full");
    offer(3);
    assertEquals(2, life().refusals().size());
    assertTrue(notices.getLast().startsWith("given up: acme/redoubt version=3"), notices::toString);
    failure = Optional.empty();
    assertEquals(List.of(), restarts);
    makeGood(3);
  }

  @Test
  void whatWasOnItsWayGoesOnAtTheNextStart() throws Exception {
    waits = true;
    offer(1);
    assertThrows(RefusedException.class, () -> offer(2));
    assertEquals(1, waiting.size());
    desk.close();
    waits = false;
    start();
    assertEquals(1, restarts.size());
    start();
    assertTrue(life().onProbation().isPresent());
  }

  @Test
  void oneThatEndsTheAgentWhileItIsMadeReadyHasTwoStarts() throws Exception {
    waits = true;
    offer(1);
    start();
    start();
    assertTrue(life().candidate().isPresent());
    start();
    assertTrue(life().candidate().isEmpty());
    assertEquals(1, life().refusals().size());
  }

  /// The supervisor may have started a release before its state said so.
  @Test
  void whoRunsIsOnProbation() throws Exception {
    waits = true;
    offer(1);
    Path tree = slots().tree(slots().free());
    make(
        Files.createFile(slots().archive()),
        tree,
        life().candidate().orElseThrow().release().digest());
    slots().begin(Slot.A, ready);
    start();
    assertTrue(life().onProbation().isPresent());
    pass(PROBATION);
    assertEquals(1, life().good().orElseThrow().version());
  }

  @Test
  void theOwnerTakesBackWhatIsGood() throws Exception {
    assertThrows(RefusedException.class, () -> desk.rollBack(PlatformRelease.ENGINE, "no"));
    makeGood(1);
    makeGood(2);
    assertEquals(2, desk.rollBack(PlatformRelease.ENGINE, "too slow").version());
    start();
    assertEquals(1, life().good().orElseThrow().version());
    assertEquals(folder.resolve("platform/slot-a"), home);
    desk.rollBack(PlatformRelease.ENGINE, "this too");
    start();
    assertEquals(folder.resolve("installed"), home);
    assertTrue(life().active().isEmpty());
  }

  @Test
  void aSlotThatAPackageTookAwayIsNobodysFault() throws Exception {
    makeGood(1);
    Files.delete(folder.resolve("platform/good"));
    Files.delete(slots().tree(Slot.A).resolve("release"));
    start();
    assertTrue(life().active().isEmpty());
    assertEquals(List.of(), life().refusals());
    makeGood(1);
  }

  /// The power went while it was made, and then the good one did not settle.
  @Test
  void aSlotThatWasNotMadeToItsEndKeepsNothingFromStarting() throws Exception {
    makeGood(1);
    Files.createDirectories(slots().tree(Slot.B));
    for (String torn : List.of("", "\0\0", "no digest")) {
      Files.writeString(slots().tree(Slot.B).resolve("release"), torn);
      Files.writeString(folder.resolve("platform/good"), torn);
      Files.writeString(folder.resolve("platform/trial"), torn);
      home = folder.resolve("installed");
      desk = opened();
      assertTrue(life().active().isEmpty(), notices::toString);
    }
    assertEquals(1, life().refusals().size());
  }

  @Test
  void whatIsNotMeantForItIsNotTaken() throws Exception {
    assertThrows(
        RefusedException.class,
        () -> desk.activate(Offer.unsigned(bundle(1, Sha256.ofText("other").toString()), 0)));
    assertThrows(
        RefusedException.class,
        () -> desk.activate(Offer.signed(bundle(1), "acme/platform/redoubt-2.bundle", "ours")));
    objection = Optional.of("sealed");
    assertThrows(RefusedException.class, () -> offer(1));
    objection = Optional.empty();
    makeGood(1);
    assertThrows(RefusedException.class, () -> offer(1));
  }
}
