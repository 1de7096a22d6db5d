package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.testing.drills.DrillRelease;

/// Releases of the platform itself: a real agent makes room for the next one, which the supervisor
/// starts from its slot, and whatever fails leads back. Without start-up caches, which take a
/// minute to write.
class PlatformReleaseTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Path DISTRIBUTION =
      Distribution.frontDoor().resolveSibling("build").resolve("dist");
  @TempDir Path folder;

  /// A release that is this build, but for what its agent does first.
  private Path release(RunningAgent agent, int version, String first) throws IOException {
    Path home = new DrillRelease(DISTRIBUTION, folder).make(first);
    Path bundle = folder.resolve(version + ".bundle");
    agent
        .command(
            "content",
            "pack",
            "--vendor=acme",
            "--name=redoubt",
            "--version-number=" + version,
            "-o",
            bundle,
            home)
        .requireSuccess();
    return bundle;
  }

  private static boolean runsIn(RunningAgent agent, String slot) throws IOException {
    return agent.command("status").output().contains("state/platform/slot-" + slot);
  }

  private static void awaitProtection(Path bad) throws Exception {
    Await.until("protection", PATIENCE, () -> Load.once(bad).denied() == 1);
  }

  @Test
  void aReleaseTakesOverAndWhateverFailsLeadsBack() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(64);
        RunningAgent agent = RunningAgent.start(scratch, "--content-probation-seconds", 10)) {
      Path bad = scratch.program("bad", Specimen.PROGRAM.bad());
      assertEquals(1, Load.once(bad).denied(), agent::log);

      assertEquals("in force", ContentSteps.activate(agent, release(agent, 1, ":")));
      assertTrue(runsIn(agent, "a"), agent::log);
      awaitProtection(bad);
      Await.until("good", PATIENCE, () -> ContentSteps.stands(agent).equals("1 good"));

      // It protects where it is tried, and ends where it is to run.
      Path dies = release(agent, 2, DrillRelease.LOST_WHERE_IT_RUNS);
      assertEquals("refused", ContentSteps.activate(agent, dies));
      awaitProtection(bad);
      assertTrue(runsIn(agent, "a"), agent::log);
      assertEquals("1 good", ContentSteps.stands(agent));
      assertTrue(agent.log().contains("did not settle"), agent::log);

      // It does not even protect where it is tried: what runs is not touched.
      String before = agent.command("status").output().lines().toList().get(1);
      assertEquals(
          "refused",
          ContentSteps.activate(agent, release(agent, 3, "[ \"$1\" != agent ] || exit 1")));
      String why = agent.command("content", "why", "platform").output();
      assertTrue(why.contains("its agent ends"), why);
      assertEquals(
          before.replaceAll(", up.*", ""),
          agent.command("status").output().lines().toList().get(1).replaceAll(", up.*", ""));

      agent.command("content", "rollback", "platform").requireSuccess();
      awaitProtection(bad);
      assertFalse(runsIn(agent, "a"), agent::log);
      assertEquals("", ContentSteps.stands(agent));
    }
  }
}
