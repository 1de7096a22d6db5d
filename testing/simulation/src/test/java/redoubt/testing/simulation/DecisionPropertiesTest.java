package redoubt.testing.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redoubt.agent.health.Counter;
import redoubt.testing.testkit.Seeds;
import redoubt.testing.testkit.SeedsExtension;
import redoubt.testing.testkit.SimulatedOpener;
import redoubt.testing.testkit.SimulatedOpener.Outcome;
import redoubt.testing.testkit.Trials;

/// Properties of every decision, tried on random hosts. [RunChecks] holds what is checked of each.
@ExtendWith(SeedsExtension.class)
class DecisionPropertiesTest {
  /// Nobody waits beyond the soft deadline, everything is given back and recorded once, what is
  /// cached is true, protected files are never denied.
  @Test
  void everyRunKeepsItsPromises(@Trials(600) Seeds seeds) {
    seeds.forEach(seed -> RandomRun.of(RunPlan.everything(seed)));
  }

  @Test
  void nothingIsDeniedInMonitorMode(@Trials(400) Seeds seeds) {
    seeds.forEach(seed -> {
      RandomRun run = RandomRun.of(RunPlan.everything(seed).monitoring());
      assertEquals(0, run.host().count(Counter.DENIED));
      for (SimulatedOpener opener : run.host().kernel().openers()) {
        assertNotEquals(Outcome.DENIED, opener.outcome(), opener::toString);
      }
    });
  }
}
