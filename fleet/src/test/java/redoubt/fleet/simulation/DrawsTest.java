package redoubt.fleet.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DrawsTest {
  private static final int TIMES = 20_000;

  private final Draws draws = new Draws(new SplittableRandom(11));

  @ParameterizedTest
  @CsvSource({"5, 0.3", "1000, 0.001", "1000, 0.9", "100000, 0.01"})
  void binomialHasItsMeanAndVariance(long n, double chance) {
    assertMoments(n * chance, n * chance * (1 - chance), () -> draws.binomial(n, chance));
  }

  @ParameterizedTest
  @CsvSource({"0.05", "3", "400"})
  void poissonHasItsMeanAndVariance(double mean) {
    assertMoments(mean, mean, () -> draws.poisson(mean));
  }

  private static void assertMoments(double mean, double variance, LongSupplier draw) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < TIMES; i++) {
      double value = draw.getAsLong();
      sum += value;
      squares += (value - mean) * (value - mean);
    }
    double error = 5 * Math.sqrt(variance / TIMES);
    assertEquals(mean, sum / TIMES, error);
    assertTrue(Math.abs(squares / TIMES / variance - 1) < 0.15, "variance=" + squares / TIMES);
  }

  @Test
  void certainAndImpossibleAreExact() {
    assertEquals(7, draws.binomial(7, 1));
    assertEquals(0, draws.binomial(7, 0));
    assertEquals(0, draws.poisson(0));
  }
}
