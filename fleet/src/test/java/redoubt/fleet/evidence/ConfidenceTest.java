package redoubt.fleet.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class ConfidenceTest {
  @Test
  void withoutAHitItIsTheRuleOfThree() {
    assertEquals(1 - Math.pow(0.05, 1.0 / 1_000), Confidence.upperShare(0, 1_000, 0.95), 1e-9);
    assertEquals(0.003, Confidence.upperShare(0, 1_000, 0.95), 0.0001);
  }

  /// The published bounds for 3 of 10: 60.66 % one-sided at 95 %.
  @Test
  void someHitsAreAsInTheTables() {
    assertEquals(0.6066, Confidence.upperShare(3, 10, 0.95), 0.0001);
    assertEquals(1, Confidence.upperShare(10, 10, 0.95), 0);
  }

  @Test
  void theTailAddsUpToOne() {
    assertEquals(1, Confidence.atMost(20, 20, 0.3), 1e-12);
    assertEquals(Math.pow(0.7, 20), Confidence.atMost(0, 20, 0.3), 1e-12);
  }

  @Test
  void impossibleTrialsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Confidence.upperShare(2, 1, 0.95));
    assertThrows(IllegalArgumentException.class, () -> Confidence.upperShare(0, 1, 1));
  }
}
