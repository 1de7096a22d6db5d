package redoubt.agent.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redoubt.agent.health.HandClock;

class EngineBudgetTest {
  private final HandClock clock = new HandClock();
  private final EngineBudget budget = new EngineBudget(clock);

  @ParameterizedTest
  @EnumSource
  void eachFaultHasABudgetOfItsOwn(EngineEnding.Fault fault) {
    for (int i = 1; i < EngineBudget.most(fault); i++) {
      assertFalse(charge(fault).suspended(), "charge " + i);
    }
    EngineBudget.Consequence last = charge(fault);
    assertTrue(last.suspended());
    assertEquals(EngineBudget.FIRST_SUSPENSION, last.pause());
  }

  @Test
  void faultsOfOneKindDoNotCountForAnother() {
    for (int i = 1; i < EngineBudget.most(EngineEnding.Fault.MEMORY); i++) {
      assertFalse(charge(EngineEnding.Fault.MEMORY).suspended());
    }
    assertFalse(charge(EngineEnding.Fault.EXIT).suspended());
  }

  @Test
  void pausesDoubleUpToTheLongest() {
    assertEquals(EngineBudget.FIRST_PAUSE, charge(EngineEnding.Fault.EXIT).pause());
    assertEquals(EngineBudget.FIRST_PAUSE.multipliedBy(2), charge(EngineEnding.Fault.EXIT).pause());
    assertEquals(EngineBudget.FIRST_PAUSE.multipliedBy(4), charge(EngineEnding.Fault.EXIT).pause());
    for (int i = 0; i < 30; i++) {
      clock.pass(EngineBudget.WINDOW);
      assertTrue(
          charge(EngineEnding.Fault.EXIT).pause().compareTo(EngineBudget.LONGEST_PAUSE) <= 0);
    }
  }

  @Test
  void faultsLongAgoDoNotAddUp() {
    for (int i = 0; i < 5 * EngineBudget.most(EngineEnding.Fault.VIOLATION); i++) {
      assertFalse(charge(EngineEnding.Fault.VIOLATION).suspended());
      clock.pass(EngineBudget.WINDOW.dividedBy(2));
    }
  }

  @Test
  void suspensionsDoubleUpToTheLongest() {
    Duration expected = EngineBudget.FIRST_SUSPENSION;
    for (int i = 0; i < 8; i++) {
      assertEquals(expected, suspend());
      expected = expected.multipliedBy(2);
      if (expected.compareTo(EngineBudget.LONGEST_SUSPENSION) > 0) {
        expected = EngineBudget.LONGEST_SUSPENSION;
      }
    }
  }

  @Test
  void aSteadyRunForgives() {
    for (int i = 1; i < EngineBudget.most(EngineEnding.Fault.EXIT); i++) {
      charge(EngineEnding.Fault.EXIT);
    }
    EngineBudget.Consequence after =
        budget.charge(EngineEnding.Fault.EXIT, EngineBudget.STEADY.plusMillis(1));
    assertEquals(new EngineBudget.Consequence(EngineBudget.FIRST_PAUSE, false), after);
  }

  @Test
  void onlyALongRunForgetsASuspension() {
    assertEquals(EngineBudget.FIRST_SUSPENSION, suspend());
    budget.charge(EngineEnding.Fault.EXIT, EngineBudget.STEADY.plusMillis(1));
    assertEquals(EngineBudget.FIRST_SUSPENSION.multipliedBy(2), suspend());
    budget.charge(EngineEnding.Fault.EXIT, EngineBudget.WINDOW.plusMillis(1));
    assertEquals(EngineBudget.FIRST_SUSPENSION, suspend());
  }

  private Duration suspend() {
    while (true) {
      EngineBudget.Consequence next = charge(EngineEnding.Fault.OUTPUT_FLOOD);
      if (next.suspended()) {
        return next.pause();
      }
    }
  }

  private EngineBudget.Consequence charge(EngineEnding.Fault fault) {
    return budget.charge(fault, Duration.ofMillis(10));
  }
}
