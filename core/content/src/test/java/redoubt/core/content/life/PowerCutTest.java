package redoubt.core.content.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.disk.DiskSteps;
import redoubt.core.model.Sha256;

/// The whole way of four bundles over the real code, and what the host would start with if the
/// power failed at any moment of it.
class PowerCutTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_790_000_000_000L);

  /// Syncs that nothing depends on in the whole way: the four of [LifeStore#clear], two that one of
  /// these follows at once, and one between two states that are alike.
  private static final int NEEDLESS = 7;

  @TempDir Path scratch;
  private Path folder;
  private Path other;
  private final List<Path> bundles = new ArrayList<>();

  /// What the state on disk may be: the last that was written, and the one that is being written.
  private final List<Life> written = new ArrayList<>(List.of(Life.EMPTY));

  private final Set<String> seen = new HashSet<>();
  private int looked;

  @BeforeEach
  void create() throws Exception {
    folder = Files.createDirectory(scratch.resolve("folder"));
    other = Files.createDirectory(scratch.resolve("other"));
    for (int version = 1; version <= 4; version++) {
      bundles.add(Bundles.make(scratch, version));
    }
  }

  /// A bundle becomes good, a second is rolled back on probation, a third is refused at the door, a
  /// fourth becomes good; the agent starts in between, and what is not needed goes.
  private void wholeWay(LifeStore store) throws IOException, ContentException {
    Life life = Life.EMPTY;
    life = write(store, life.offered(store.take(bundles.get(0)), NOW));
    tried(store, life);
    life = begin(store);
    life = write(store, life.settled(Life.Plan.CONTENT));
    life = write(store, life.confirmed());
    store.clear();
    life = write(store, life.offered(store.take(bundles.get(1)), NOW));
    life = tried(store, life);
    life = write(store, life.rolledBack("it crashes", NOW));
    store.clear();
    Release third = store.take(bundles.get(2));
    life = write(store, life.offered(third, NOW));
    write(store, life.refused(third.digest(), "vectors", NOW));
    store.clear();
    life = begin(store);
    life = write(store, life.offered(store.take(bundles.get(3)), NOW));
    tried(store, life);
    life = begin(store);
    life = write(store, life.confirmed());
    store.clear();
    assertEquals(4, life.good().orElseThrow().version());
    assertEquals(1, life.before().orElseThrow().version());
  }

  private Life tried(LifeStore store, Life verified) throws IOException {
    Life admitted = write(store, verified.passed(NOW));
    return write(store, write(store, admitted.passed(NOW)).passed(NOW));
  }

  private Life begin(LifeStore store) throws IOException {
    Life before = written.getLast();
    written.add(before.started(NOW).life());
    LifeStore.Begun begun = store.begin(NOW);
    assertEquals(List.of(), begun.problems());
    assertEquals(
        begun.start().life().active().isPresent(), begun.bundle().isPresent(), "it was there");
    written.subList(0, written.size() - 1).clear();
    return begun.start().life();
  }

  private Life write(LifeStore store, Life life) throws IOException {
    written.add(life);
    store.write(life);
    written.subList(0, written.size() - 1).clear();
    return life;
  }

  @Test
  void atEachStepEverySubsetOfWhatIsUnsyncedCanBeStartedFrom() throws Exception {
    RecordedDisk disk = new RecordedDisk(this::lookAtAll);
    wholeWay(new LifeStore(folder, disk));
    assertTrue(disk.steps() > 100, "steps=" + disk.steps());
    assertTrue(looked > 150, "folders=" + looked);
  }

  /// Otherwise the test above would say nothing. Each one is left out in turn.
  @Test
  void eachSyncThatIsLeftOutIsNoticed() throws Exception {
    CarelessDisk all = new CarelessDisk(new RecordedDisk(_ -> {}), 0);
    wholeWay(new LifeStore(folder, all));
    int needless = 0;
    for (int leftOut = 1; leftOut <= all.syncs(); leftOut++) {
      RecordedDisk.make(folder, Map.of());
      written.clear();
      written.add(Life.EMPTY);
      seen.clear();
      if (!isNoticed(new CarelessDisk(new RecordedDisk(this::lookAtAll), leftOut))) {
        needless++;
      }
    }
    assertEquals(NEEDLESS, needless);
  }

  private boolean isNoticed(DiskSteps disk) throws IOException, ContentException {
    try {
      wholeWay(new LifeStore(folder, disk));
      return false;
    } catch (AssertionError _) {
      return true;
    }
  }

  private void lookAtAll(RecordedDisk disk) {
    try {
      for (Map<String, byte[]> possible : disk.possible()) {
        look(possible);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void look(Map<String, byte[]> possible) throws IOException {
    StringBuilder key = new StringBuilder(written.toString());
    possible.forEach((name, bytes) -> key.append(name).append(Sha256.hash(bytes)));
    if (!seen.add(key.toString())) {
      return;
    }
    looked++;
    RecordedDisk.make(other, possible);
    assertSound(new LifeStore(other, new DiskSteps.Unsynced()), possible.keySet().toString());
  }

  /// The state is one of two, and what it wants the engine to have is there.
  private void assertSound(LifeStore store, String where) throws IOException {
    LifeStore.Found found = store.read();
    assertEquals(Optional.empty(), found.problem(), where);
    assertTrue(written.contains(found.life()), () -> where + found.life() + written);
    for (Release release : found.life().releases().toList()) {
      assertEquals(release.version(), open(store, release).manifest().version(), where);
    }
    LifeStore.Begun begun = store.begin(NOW);
    assertEquals(List.of(), begun.problems(), where);
    Optional<Release> wanted = found.life().started(NOW).life().active();
    assertEquals(wanted.isPresent(), begun.bundle().isPresent(), where);
    assertVersion(wanted, begun.bundle());
    store.clear();
    if (wanted.isPresent()) {
      assertVersion(wanted, Optional.of(open(store, wanted.get())));
    }
    assertFalse(
        Files.exists(other.resolve("life.new")) || Files.exists(other.resolve(".bundle.new")),
        where);
  }

  private static BundleFile open(LifeStore store, Release release) throws IOException {
    try {
      return store.open(release);
    } catch (ContentException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertVersion(Optional<Release> wanted, Optional<BundleFile> found) {
    assertEquals(
        wanted.map(Release::version).orElse(0L),
        found.map(bundle -> bundle.manifest().version()).orElse(0L));
  }

  /// The step fails with an error, as on a full disk or when a sync fails; the process goes on with
  /// what is on disk then.
  @Test
  void aStepThatFailsLosesNothingThatWasThere() throws Exception {
    int steps = stepsOf();
    for (int failing = 1; failing <= steps; failing++) {
      for (boolean half : new boolean[] {true, false}) {
        RecordedDisk.make(folder, Map.of());
        written.clear();
        written.add(Life.EMPTY);
        FailingDisk disk = new FailingDisk(failing, half);
        assertThrows(FailingDisk.Failure.class, () -> wholeWay(new LifeStore(folder, disk)));
        LifeStore store = new LifeStore(folder, new DiskSteps.Unsynced());
        LifeStore.Found found = store.read();
        assertEquals(Optional.empty(), found.problem());
        assertTrue(written.contains(found.life()), "step=" + failing);
        LifeStore.Begun begun = store.begin(NOW);
        assertEquals(List.of(), begun.problems());
        assertVersion(found.life().started(NOW).life().active(), begun.bundle());
      }
    }
  }

  private int stepsOf() throws Exception {
    RecordedDisk disk = new RecordedDisk(_ -> {});
    wholeWay(new LifeStore(folder, disk));
    return disk.steps();
  }

  @Test
  void aReleaseThatRotsGivesWayToTheOneBefore() throws Exception {
    LifeStore store = new LifeStore(folder, new DiskSteps.Real());
    wholeWay(store);
    Life life = store.read().life();
    Path file = folder.resolve(life.good().orElseThrow().digest() + ".bundle");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    LifeStore.Begun begun = store.begin(NOW);
    assertEquals(1, begun.problems().size());
    assertTrue(begun.problems().getFirst().startsWith("the bundle was changed"), begun::toString);
    assertEquals(1, begun.bundle().orElseThrow().manifest().version());
    assertEquals(1, store.read().life().good().orElseThrow().version());
    assertEquals(Optional.empty(), store.read().life().objection(store.take(bundles.get(3))));
  }

  @Test
  void aStateThatRotsGivesWayToTheOneBefore() throws Exception {
    LifeStore store = new LifeStore(folder, new DiskSteps.Real());
    wholeWay(store);
    Path state = folder.resolve("life");
    byte[] bytes = Files.readAllBytes(state);
    for (int i = 0; i < bytes.length; i++) {
      byte[] rotten = bytes.clone();
      rotten[i] ^= 4;
      Files.write(state, rotten);
      LifeStore.Found found = store.read();
      assertTrue(found.problem().isPresent(), "byte=" + i);
      // On probation then, in force still.
      assertEquals(4, found.life().active().orElseThrow().version());
    }
    Files.write(state, new byte[0]);
    written.clear();
    written.add(store.read().life());
    written.add(written.getFirst().started(NOW).life());
    RecordedDisk disk = RecordedDisk.of(folder, this::lookForAState);
    LifeStore.Begun begun = new LifeStore(folder, disk).begin(NOW);
    assertEquals(4, begun.bundle().orElseThrow().manifest().version());
  }

  /// The power fails while a state that has rotted is replaced.
  private void lookForAState(RecordedDisk disk) {
    try {
      for (Map<String, byte[]> possible : disk.possible()) {
        RecordedDisk.make(other, possible);
        Life life = new LifeStore(other, new DiskSteps.Unsynced()).read().life();
        assertTrue(written.contains(life), life::toString);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatIsNoBundleIsNotTaken() throws Exception {
    LifeStore store = new LifeStore(folder, new DiskSteps.Real());
    byte[] bytes = Files.readAllBytes(bundles.getFirst());
    Path torn = Files.write(scratch.resolve("torn"), Arrays.copyOf(bytes, 100));
    assertThrows(ContentException.class, () -> store.take(torn));
    store.clear();
    try (var left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }
}
