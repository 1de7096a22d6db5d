package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;

/// An engine changes its mind about what the host lives on, as after a bad update: its say is taken
/// away, and no unprivileged user can bring that about.
class BreakerTest {
  private static final int FILES = 12;
  private static final int USER = 54_321;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  void anEngineThatDeniesWhatRanBeforeLosesItsSay() throws Exception {
    try (TestEngines engines = new TestEngines();
        ScratchFileSystem scratch = ScratchFileSystem.rootOnlyExt4(32);
        RunningAgent agent =
            RunningAgent.start(
                scratch, "--engine", engines.denying("fickle", Duration.ZERO, "after"))) {
      Path before = scratch.root().resolve("before");
      Path after = scratch.root().resolve("after");
      Path users = scratch.root().resolve("users-after");
      for (int i = 0; i < FILES; i++) {
        run(scratch.program("before/program-" + i, Specimen.PROGRAM.good(i)));
        run(scratch.program("users/program-" + i, Specimen.PROGRAM.good(100 + i)));
      }
      // The files are the same; what the engine thinks of them is not.
      Files.move(scratch.root().resolve("users"), users);
      Files.move(before, after);

      for (int i = 0; i < FILES; i++) {
        Path program = users.resolve("program-" + i);
        assertTrue(asUser(program).denied(), "a user cannot switch the engine off" + agent.log());
        agent.awaitDecision(program);
      }
      Thread.sleep(Duration.ofSeconds(5)); // twice the time between two looks
      assertEquals("enforcing", agent.state(), agent.log());

      for (int i = 0; i < FILES; i++) {
        Outcome.of(after.resolve("program-" + i));
      }
      Await.until("trip" + agent.log(), LIMIT, () -> agent.state().equals("degraded"));
      JournalLine notice = agent.awaitLine("notice", line -> line.code().equals("ENGINE_TRIPPED"));
      assertTrue(notice.message().contains("known files"), notice::message);
      assertEquals(1, agent.counter("engine_trips_total"));
      run(after.resolve("program-0"));
      assertTrue(
          Outcome.of(scratch.program("bad", Specimen.SCRIPT.bad())).denied(),
          "the other engine's say stays");

      agent.command("mode", "fickle", "enforce").requireSuccess();
      assertEquals("enforcing", agent.state(), "the owner's word counts more");
      assertTrue(Outcome.of(after.resolve("program-0")).denied());
    }
  }

  private static void run(Path program) {
    assertTrue(Outcome.of(program).ran(), program::toString);
  }

  private static Outcome asUser(Path program) {
    return Outcome.of(
        List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups", program)
            .toArray());
  }
}
