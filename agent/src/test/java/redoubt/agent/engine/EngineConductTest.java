package redoubt.agent.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import redoubt.agent.health.HandClock;

class EngineConductTest {
  private final HandClock clock = new HandClock();
  private final EngineConduct conduct = new EngineConduct(clock);

  @Test
  void enoughMissesWithinTheWindowDemote() {
    for (int i = 1; i < EngineConduct.MISSES; i++) {
      assertEquals(EngineConduct.Change.NONE, conduct.missed());
    }
    assertEquals(EngineConduct.Change.DEMOTED, conduct.missed());
    assertTrue(conduct.demoted());
    assertEquals(EngineConduct.Change.NONE, conduct.missed(), "told once");
  }

  @Test
  void missesLongAgoDoNotAddUp() {
    for (int i = 0; i < 3 * EngineConduct.MISSES; i++) {
      assertEquals(EngineConduct.Change.NONE, conduct.missed());
      clock.pass(Duration.ofNanos(EngineConduct.WINDOW_NANOS / 2));
    }
    assertFalse(conduct.demoted());
  }

  @Test
  void recoveryTakesTimelyAnswersAndTime() {
    demote();
    for (int i = 0; i < 2 * EngineConduct.TIMELY_ANSWERS; i++) {
      assertEquals(EngineConduct.Change.NONE, conduct.timely(), "too soon");
    }
    clock.pass(Duration.ofNanos(EngineConduct.SHORTEST_NANOS));
    assertEquals(EngineConduct.Change.RECOVERED, conduct.timely());
    assertFalse(conduct.demoted());
  }

  @Test
  void aMissBeforeTheRecoveryBeginsItAnew() {
    demote();
    clock.pass(Duration.ofNanos(EngineConduct.SHORTEST_NANOS));
    for (int i = 1; i < EngineConduct.TIMELY_ANSWERS; i++) {
      conduct.timely();
    }
    conduct.missed();
    assertEquals(EngineConduct.Change.NONE, conduct.timely());
  }

  @Test
  void everySoonDemotionIsTwiceAsLong() {
    long expected = EngineConduct.SHORTEST_NANOS;
    for (int i = 0; i < 10; i++) {
      demote();
      clock.pass(Duration.ofNanos(expected - 1));
      for (int answer = 0; answer < EngineConduct.TIMELY_ANSWERS; answer++) {
        assertEquals(EngineConduct.Change.NONE, conduct.timely(), "demotion " + i);
      }
      clock.pass(Duration.ofNanos(1));
      assertEquals(EngineConduct.Change.RECOVERED, conduct.timely(), "demotion " + i);
      expected = Math.min(EngineConduct.LONGEST_NANOS, 2 * expected);
    }
    assertEquals(EngineConduct.LONGEST_NANOS, expected);
  }

  @Test
  void whoAnsweredSinceThenWorks() {
    long before = clock.nanos();
    assertFalse(conduct.workedSince(before), "never answered anything");
    clock.pass(Duration.ofMillis(1));
    conduct.timely();
    assertTrue(conduct.workedSince(before));
    assertFalse(conduct.workedSince(clock.nanos()));
  }

  private void demote() {
    EngineConduct.Change last = EngineConduct.Change.NONE;
    for (int i = 0; i < EngineConduct.MISSES; i++) {
      last = conduct.missed();
    }
    assertEquals(EngineConduct.Change.DEMOTED, last);
  }
}
