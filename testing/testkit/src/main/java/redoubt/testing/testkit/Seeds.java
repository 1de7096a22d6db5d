package redoubt.testing.testkit;

import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// The seeds that one test tries.
///
/// `-Dredoubt.simulation.seed=N` has every test try that seed alone; `-Dredoubt.simulation.seeds=N`
/// says how many each tries. Without the former the first seed comes from the clock. A failure
/// names its seed.
public final class Seeds {
  private static final String SEED = "redoubt.simulation.seed";
  private static final String COUNT = "redoubt.simulation.seeds";

  private final String test;
  private final long first;
  private final int count;

  private Seeds(String test, long first, int count) {
    this.test = test;
    this.first = first;
    this.count = count;
  }

  /// The seeds for a test.
  ///
  /// @param standardCount how many it tries if nobody says otherwise
  static Seeds of(String test, int standardCount) {
    Long only = Long.getLong(SEED);
    return only != null
        ? new Seeds(test, only, 1)
        : new Seeds(test, System.nanoTime(), Integer.getInteger(COUNT, standardCount));
  }

  /// Tries every seed.
  ///
  /// @throws AssertionError naming the seed with which `trial` fails, and how to repeat it
  public void forEach(LongConsumer trial) {
    for (long seed = first; seed - first < count; seed++) {
      try {
        trial.accept(seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            test + " fails: repeat with -D" + SEED + "=" + seed + ": " + e.getMessage(), e);
      }
    }
  }

  /// A generator of random numbers that is the same for the same seed on every machine.
  public static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
