package redoubt.agent.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import redoubt.agent.engine.EngineEnding.Fault;

class EngineEndingTest {
  private static final EngineEnding ENDED = EngineEnding.exit("ended");
  private static final int KILLED_BY_FILTER = 159;

  @Test
  void theKernelsReasonsComeFirst() {
    assertEquals(Fault.MEMORY, ENDED.explained(137, true, 1, 64).fault());
    assertEquals(Fault.MEMORY, EngineEnding.outputFlood().explained(137, false, 1, 64).fault());
    assertEquals(Fault.FORBIDDEN_CALL, ENDED.explained(KILLED_BY_FILTER, true, 0, 64).fault());
  }

  @Test
  void anEndByOurOwnHandIsNotExplainedByItsSignal() {
    assertEquals(ENDED, ENDED.explained(137, false, 0, 64));
    assertEquals(
        EngineEnding.outputFlood(), EngineEnding.outputFlood().explained(137, true, 0, 64));
  }

  @Test
  void anyOtherEndSaysHow() {
    assertEquals("ended: status=3", ENDED.explained(3, true, 0, 64).text());
    assertEquals("ended: signal=11", ENDED.explained(139, true, 0, 64).text());
    assertEquals("ended: killed", ENDED.explained(137, true, 0, 64).text());
    assertTrue(ENDED.explained(3, true, 1, 64).text().contains("memoryMiB=64"));
  }
}
