package redoubt.core.wire;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// How many random inputs a test tries, and from which seed. The system properties
/// `redoubt.fuzz.count` and `redoubt.fuzz.seed` set both; the seed is printed, so that a failure
/// can be replayed.
record Campaign(int count, long seed) {
  static Campaign of(String test, int defaultCount) {
    int count = Integer.getInteger("redoubt.fuzz.count", defaultCount);
    long seed = Long.getLong("redoubt.fuzz.seed", System.nanoTime());
    System.out.println(test + ": -Dredoubt.fuzz.count=" + count + " -Dredoubt.fuzz.seed=" + seed);
    return new Campaign(count, seed);
  }

  RandomGenerator random() {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
