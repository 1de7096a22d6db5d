package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.agent.journal.JournalLine;

/// The shortest life of an agent, which is what the other tests build on.
class HarnessTest {
  @Test
  void anAgentStartsDeniesRecordsAndStops() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(32)) {
      Path bad = scratch.program("bad", Specimen.PROGRAM.bad());
      Path good = scratch.program("good", Specimen.PROGRAM.good());
      assertTrue(Outcome.of(bad).ran());
      try (RunningAgent agent = RunningAgent.start(scratch)) {
        assertEquals("enforcing", agent.state());
        assertTrue(Outcome.of(bad).denied());
        assertTrue(Outcome.of(good).ran());
        JournalLine line = agent.awaitDecision(bad);
        assertEquals("DENY", line.answer());
        assertEquals("Test.Bad.PROGRAM", line.rule());
        assertEquals("ALLOW", agent.awaitDecision(good).answer());
        assertEquals(0, agent.stop());
        assertFalse(agent.isAlive());
      }
      assertTrue(Outcome.of(bad).ran());
    }
  }

  /// A program whose training fails starts without a cache, only slower: nobody else would notice.
  @ParameterizedTest
  @ValueSource(strings = {"agent", "scanner", "sigma", "cli"})
  void eachProgramHasItsStartUpCache(String program) throws Exception {
    Path cache =
        Distribution.frontDoor().resolveSibling("build/dist/aot").resolve(program + ".aot");
    assertTrue(Files.size(cache) > 1_000_000, cache.toString());
  }
}
