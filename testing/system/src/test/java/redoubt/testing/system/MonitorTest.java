package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;

/// In monitor mode nothing is denied, whatever the engines say; the mode changes at run time.
class MonitorTest {
  private static final int STARTS = 50;

  @Test
  void anEngineThatDeniesEverythingDeniesNothingUntilItMayEnforce() throws Exception {
    try (TestEngines engines = new TestEngines();
        ScratchFileSystem scratch = ScratchFileSystem.ext4(32)) {
      Path good = scratch.program("good", Specimen.PROGRAM.good());
      Path bad = scratch.program("bad", Specimen.PROGRAM.bad());
      Path manifest = engines.denying("refuser", Duration.ZERO, "");
      try (RunningAgent agent =
          RunningAgent.start(scratch, "--mode", "monitor", "--engine", manifest)) {
        requireAllowed(good, bad);
        agent.awaitLine(
            "a recorded objection",
            line -> line.kind() == JournalLine.Kind.DECISION && line.engine().equals("refuser"));
        agent.command("mode", "enforce").requireSuccess();
        assertEquals(STARTS, Load.rounds(STARTS, good).denied());
        agent.command("mode", "monitor").requireSuccess();
        requireAllowed(good, bad);
        assertEquals(STARTS, agent.counter("denied_total"));
      }
    }
  }

  private static void requireAllowed(Path... programs) throws Exception {
    for (Path program : programs) {
      assertEquals(STARTS, Load.rounds(STARTS, program).allowed());
    }
  }
}
