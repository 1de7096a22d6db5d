package redoubt.agent.activation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.engine.EngineContent;
import redoubt.core.content.ProgramFolder;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.LifeFolders;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;

/// Engines that come as bundles, and their content beside them.
class EngineReleasesTest {
  private static final EngineId ENGINE = MadeHost.ENGINE;
  private static final Duration PROBATION = Duration.ofMinutes(10);
  private static final String GOOD = "command=${here}/run\nauth=EXEC\n";

  @TempDir Path folder;
  private final Heard heard = new Heard();
  private MadeBundles bundles;
  private MadeHost host;
  private ContentDesk desk;

  @BeforeEach
  void open() throws IOException {
    Files.writeString(folder.resolve("made.engine"), "id=made\ncommand=/bin/true\nauth=EXEC\n");
    bundles = new MadeBundles(folder);
    host = new MadeHost(folder, heard.lines);
    desk = opened();
    desk.serve(host);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private ContentDesk opened() {
    return ContentDesk.open(
        folder, () -> new Stages(Duration.ZERO, PROBATION, Set.of()), true, heard, host.time);
  }

  private Life releases() throws IOException {
    return new LifeFolders(folder).of(ENGINE.releases()).read().life();
  }

  /// The folder from which what was handed over last is started.
  private Path here() {
    return Path.of(host.last().program().orElseThrow().command().getFirst()).resolveSibling("");
  }

  private Path folderOf(Release release) {
    return new LifeFolders(folder).program(ENGINE, release);
  }

  private void makeGood(Path bundle, String name) throws Exception {
    desk.activate(Offer.unsigned(bundle, 0));
    heard.await("in force: acme/" + name);
    host.pass(PROBATION);
    desk.check();
    heard.await("good: acme/" + name);
    heard.lines.clear();
  }

  @Test
  void anEngineTakesOverWithItsOwnContentAndIsThenGood() throws Exception {
    makeGood(bundles.release(1, GOOD), "engine version=1");
    assertEquals(1, releases().good().orElseThrow().version());
    assertEquals(List.of("acme-1"), host.handed);
    assertEquals(folderOf(releases().good().orElseThrow()), here());
    assertEquals("version 1", Files.readString(here().resolve("run")));
    assertTrue(Files.isExecutable(here().resolve("run")));
    assertFalse(Files.isExecutable(here().resolve(ProgramFolder.MANIFEST)));
    makeGood(bundles.release(2, GOOD), "engine version=2");
    assertEquals("version 2", Files.readString(here().resolve("run")));
    assertTrue(Files.exists(folderOf(releases().before().orElseThrow())), "for the way back");
  }

  @Test
  void anEngineKeepsTheContentInForceAndContentItsEngine() throws Exception {
    makeGood(bundles.content(7), "content version=7");
    makeGood(bundles.release(1, GOOD), "engine version=1");
    assertEquals("acme-7", host.last().version());
    Path program = here();
    assertEquals(List.of("content", "engine", "content"), host.admitted);
    makeGood(bundles.content(8), "content version=8");
    assertEquals("acme-8", host.last().version());
    makeGood(bundles.release(2, GOOD), "engine version=2");
    assertEquals("acme-8", host.last().version());
    assertFalse(program.equals(here()));
  }

  /// Nobody knew whose fault it was, the engine's or its content's.
  @Test
  void oneOfTheTwoIsOnProbationAtATime() throws Exception {
    desk.activate(Offer.unsigned(bundles.release(1, GOOD), 0));
    heard.await("in force: acme/engine version=1");
    desk.activate(Offer.unsigned(bundles.content(7), 0));
    heard.await("waits: acme/content version=7 until the probation is over of made.engine");
    assertFalse(heard.has("in force: acme/content"));
    host.pass(PROBATION);
    desk.check();
    heard.await("in force: acme/content version=7");
    assertEquals(1, releases().good().orElseThrow().version());
  }

  @Test
  void whatFailsOnProbationGivesWayToTheEngineBefore() throws Exception {
    makeGood(bundles.release(1, GOOD), "engine version=1");
    Path good = here();
    desk.activate(Offer.unsigned(bundles.release(2, GOOD), 0));
    heard.await("in force: acme/engine version=2");
    EngineContent next = desk.faults().failed(ENGINE, host.last(), "signal=11");
    heard.await(
        "made.engine: rolled back: acme/engine version=2 reason=the engine failed: signal=11");
    assertEquals(
        good + "/run", next == null ? "" : next.program().orElseThrow().command().getFirst());
    assertEquals(1, releases().active().orElseThrow().version());
    assertThrows(
        RefusedException.class, () -> desk.activate(Offer.unsigned(bundles.release(2, GOOD), 0)));
  }

  /// An engine can go as it came.
  @Test
  void theFirstReleaseIsTakenBackByWordAndMayComeAgain() throws Exception {
    makeGood(bundles.release(1, GOOD), "engine version=1");
    Path files = folderOf(releases().good().orElseThrow());
    host.registered = false;
    desk.rollBack(ENGINE.releases(), "owner's word");
    heard.awaitTrue("the engine ends", () -> host.handed.getLast().equals("nothing"));
    assertTrue(releases().active().isEmpty());
    assertFalse(Files.exists(files));
    assertThrows(RefusedException.class, () -> desk.rollBack(ENGINE.releases(), "again"));
    host.registered = true;
    makeGood(bundles.release(1, GOOD), "engine version=1");
  }

  @Test
  void aReleaseThatFailsTheVectorsOfTheContentInForceIsRefused() throws Exception {
    makeGood(bundles.content(7), "content version=7");
    host.problemOf = "content";
    desk.activate(Offer.unsigned(bundles.release(1, GOOD), 0));
    heard.await(
        "refused: acme/engine version=1 reason=at admission (vectors):"
            + " acme/content version=7: wrong");
    assertEquals(List.of("acme-7"), host.handed);
  }

  @Test
  void aReleaseThatWantsToSeeMoreThanItsOwnIsRefused() throws Exception {
    List<String> wrong =
        List.of(
            "command=/bin/sh\n",
            "command=${here}/../../run\n",
            GOOD + "files=/etc\n",
            GOOD + "files=${here}/../..\n",
            "command=/usr/bin/python3 ${here}/run\nruntime=c\n",
            "id=other\ncommand=${here}/run\n",
            "auth=EXEC\n");
    for (int i = 0; i < wrong.size(); i++) {
      desk.activate(Offer.unsigned(bundles.release(1 + i, wrong.get(i)), 0));
      heard.await("refused: acme/engine version=" + (1 + i) + " reason=at admission (engine)");
    }
    assertEquals(List.of(), host.handed);
    assertTrue(releases().active().isEmpty());
  }

  /// What the disk tore is written anew; what it lost gives way to what was before.
  @Test
  void anEngineIsWholeAfterEveryStart() throws Exception {
    makeGood(bundles.release(1, GOOD), "engine version=1");
    makeGood(bundles.release(2, GOOD), "engine version=2");
    desk.close();
    Release second = releases().good().orElseThrow();
    Files.writeString(folderOf(second).resolve("run"), "torn");
    desk = opened();
    assertEquals("version 2", Files.readString(folderOf(second).resolve("run")));
    desk.close();
    Files.delete(
        folder.resolve("releases").resolve("made.engine").resolve(second.digest() + ".bundle"));
    desk = opened();
    assertEquals(1, releases().active().orElseThrow().version());
    Path first = folderOf(releases().active().orElseThrow());
    assertEquals("version 1", Files.readString(first.resolve("run")));
    EngineContent own = desk.own(ENGINE).orElseThrow();
    assertEquals("acme-1", own.version());
    assertNull(desk.active(ENGINE).orElse(null));
  }

  @Test
  void aHostThatDoesNotSettleStepsBackFromIt() throws Exception {
    makeGood(bundles.release(1, GOOD), "engine version=1");
    desk.activate(Offer.unsigned(bundles.release(2, GOOD), 0));
    heard.await("in force: acme/engine version=2");
    for (int starts = 0; starts < 3; starts++) {
      desk = opened(); // As after a power cut.
    }
    assertEquals(1, releases().active().orElseThrow().version());
    assertTrue(desk.mayStart(ENGINE));
    for (int starts = 0; starts < 2; starts++) {
      desk = opened();
    }
    assertFalse(desk.mayStart(ENGINE));
  }
}
