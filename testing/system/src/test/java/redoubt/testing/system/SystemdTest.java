package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The unit under a real systemd: started at boot, restarted after every crash, stopped for good.
class SystemdTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /// The supervisor takes 0.1 s at most and so does systemd; the rest is this machine's slowness.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Path REDOUBT = SystemdContainer.INSTALLATION.resolve("redoubt");

  private static ScratchFileSystem scratch;
  private static SystemdContainer container;

  @BeforeAll
  static void boot() throws Exception {
    scratch = ScratchFileSystem.ext4(32);
    container = SystemdContainer.boot(scratch);
  }

  @AfterAll
  static void shutDown() throws Exception {
    container.close();
    scratch.close();
  }

  @Test
  void theAgentProtectsFromBootOn() throws Exception {
    restore();
    Path good = scratch.program("good", Specimen.PROGRAM.good());
    Path bad = scratch.program("bad", Specimen.PROGRAM.bad());

    assertTrue(container.run(inside(good)).ran());
    assertTrue(container.run(inside(bad)).denied());
    assertTrue(Outcome.of(bad).denied(), "the file system is the same outside");
  }

  @Test
  void theSupervisorStartsAKilledAgentAgain() throws Exception {
    restore();
    String before = container.agentPid();

    container.run("kill", "-KILL", before).requireSuccess();

    awaitOtherAgent(before);
    assertEquals("active", container.property("ActiveState"));
    assertEquals("0", container.property("NRestarts"), "the supervisor has done it");
    container.awaitProtection();
  }

  @Test
  void systemdStartsAKilledSupervisorAgain() throws Exception {
    restore();
    String before = container.agentPid();
    int restarts = Integer.parseInt(container.property("NRestarts"));

    container.run("kill", "-KILL", container.property("MainPID")).requireSuccess();

    awaitOtherAgent(before);
    assertEquals(Integer.toString(restarts + 1), container.property("NRestarts"));
    container.awaitProtection();
  }

  @Test
  void whoeverStopsItItStaysStoppedAndNothingWaits() throws Exception {
    for (Object[] stop : new Object[][] {{REDOUBT, "stop"}, {"systemctl", "stop", "redoubt"}}) {
      restore();
      container.run(stop).requireSuccess();
      Await.until("its end", PATIENCE, () -> container.property("ActiveState").equals("inactive"));
      assertEquals("success", container.property("Result"));
      Path program = scratch.program("after-" + stop.length, Specimen.PROGRAM.bad());
      Load.Tally once = Load.once(program);
      assertEquals(1, once.allowed(), once.toString());
      assertTrue(once.within(SECOND), once.toString());
    }
  }

  private static Path inside(Path program) {
    return SystemdContainer.SCRATCH.resolve(scratch.root().relativize(program));
  }

  private static void restore() throws Exception {
    container.run("systemctl", "start", "redoubt").requireSuccess();
    container.awaitProtection();
  }

  private static void awaitOtherAgent(String before) throws Exception {
    Await.until(
        "another agent",
        PATIENCE,
        () -> {
          String now = container.agentPid();
          return !now.isEmpty() && !now.equals(before);
        });
    assertNotEquals(before, container.agentPid());
  }
}
