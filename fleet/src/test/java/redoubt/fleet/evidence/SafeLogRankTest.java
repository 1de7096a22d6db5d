package redoubt.fleet.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SafeLogRankTest {
  private static final double ALPHA = 0.005;

  private static SafeLogRank tolerating(double ratio) {
    double[] ratios = new double[Age.count()];
    Arrays.fill(ratios, ratio);
    return new SafeLogRank(ratios);
  }

  /// The published table counts one age; the mean over seven costs a factor of seven, which is put
  /// back here. Treated hosts only are hit, one after the other.
  @ParameterizedTest
  @CsvSource({
    "100, 100, 9",
    "100, 1000, 3",
    "100, 10000, 2",
    "100, 100000, 2",
    "10000, 100000, 3",
    "100000, 100000, 9",
    "1000000, 100000, 61"
  })
  void asManyEventsHaltAsTheTableSays(long treated, long control, int events) {
    SafeLogRank test = tolerating(1);
    int given = 0;
    while (evidenceOfOneAge(test) < 1 / ALPHA) {
      test.treatedEvent(Age.UNDER_20_MIN, treated - given, control);
      given++;
    }
    assertEquals(events, given);
  }

  @Test
  void withAHundredTimesMoreTreatedThanControlNothingCanBeSaid() {
    SafeLogRank test = tolerating(1);
    for (int i = 0; i < 300; i++) {
      test.treatedEvent(Age.OLDER, 8_400_000, 100_000);
    }
    assertTrue(evidenceOfOneAge(test) < 1 / ALPHA);
  }

  private static double evidenceOfOneAge(SafeLogRank test) {
    // The other ages are at 1 each.
    return Math.exp(test.logEvidence()) * Age.count() - (Age.count() - 1);
  }

  @Test
  void oneEventIsWorthWhatTheFormulaSays() {
    SafeLogRank test = tolerating(1);
    test.treatedEvent(Age.UNDER_4_MIN, 10, 90);
    double sum = 0;
    for (double r : new double[] {2, 5, 20, 100, 1_000}) {
      sum += r * 100 / (r * 10 + 90);
    }
    assertEquals(sum / 5, evidenceOfOneAge(test), 1e-12);
  }

  @Test
  void anEventOfAControlIsEvidenceForTheUpdate() {
    SafeLogRank test = tolerating(4);
    test.controlEvents(Age.UNDER_4_MIN, 50, 50, 3);
    assertTrue(test.logEvidence() < 0, "also below the tolerated ratio: " + test.logEvidence());
  }

  @Test
  void withNobodyToCompareWithNothingIsLearned() {
    SafeLogRank test = tolerating(1);
    test.treatedEvent(Age.UNDER_4_MIN, 5, 0);
    test.controlEvents(Age.UNDER_4_MIN, 0, 5, 2);
    assertEquals(0, test.logEvidence(), 0);
    assertThrows(IllegalArgumentException.class, () -> test.treatedEvent(Age.UNDER_4_MIN, 0, 5));
  }

  /// Looked at after every event, over whole lives of two arms that fail alike, it says "bad" less
  /// often than alpha; and likewise where the treated fail as much more as is tolerated.
  @ParameterizedTest
  @CsvSource({"1, 1, 17", "1, 4, 18", "4, 4, 19", "2, 2, 20"})
  void theErrorRateHoldsUnderContinuousLooking(double hazardRatio, double tolerated, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int runs = 4_000;
    int wrong = 0;
    double alpha = 0.05;
    for (int run = 0; run < runs; run++) {
      wrong += everReaches(1 / alpha, hazardRatio, tolerating(tolerated), random) ? 1 : 0;
    }
    double bound = Confidence.upperShare(wrong, runs, 0.99);
    assertTrue(
        (double) wrong / runs <= alpha, "seed=" + seed + " wrong=" + wrong + " bound=" + bound);
  }

  private static boolean everReaches(
      double limit, double hazardRatio, SafeLogRank test, SplittableRandom random) {
    long treated = 60;
    long control = 300;
    while (treated > 0 && control > 0) {
      double hazard = hazardRatio * treated;
      if (random.nextDouble() < hazard / (hazard + control)) {
        test.treatedEvent(Age.UNDER_10_MIN, treated--, control);
      } else {
        test.controlEvents(Age.UNDER_10_MIN, treated, control--, 1);
      }
      if (evidenceOfOneAge(test) >= limit) {
        return true;
      }
    }
    return false;
  }

  @Test
  void agesBeginWhereTheySay() {
    for (Age age : Age.values()) {
      assertEquals(age, Age.of(age.fromSeconds()));
    }
    assertEquals(Age.UNDER_4_MIN, Age.of(239));
    assertEquals(Age.OLDER, Age.of(1_000_000));
  }

  @Test
  void hugeEvidenceDoesNotOverflow() {
    SafeLogRank test = tolerating(1);
    for (int i = 0; i < 10_000; i++) {
      test.treatedEvent(Age.UNDER_4_MIN, 10_000, 1_000_000);
    }
    assertTrue(Double.isFinite(test.logEvidence()) && test.logEvidence() > 10_000);
    assertEquals(Age.UNDER_4_MIN, test.strongestAge());
  }
}
