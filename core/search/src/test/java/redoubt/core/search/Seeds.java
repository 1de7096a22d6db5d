package redoubt.core.search;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Random input whose seed is printed, so that a failure can be had again.
final class Seeds {
  private Seeds() {}

  /// A generator; `-Dredoubt.fuzz.seed` chooses its seed.
  static RandomGenerator random(String test) {
    long seed = Long.getLong("redoubt.fuzz.seed", System.nanoTime());
    System.out.println(test + ": -Dredoubt.fuzz.seed=" + seed);
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /// How many cases to try; `-Dredoubt.fuzz.count` says another number.
  static int count(int usual) {
    return Integer.getInteger("redoubt.fuzz.count", usual);
  }

  /// A text of at most so many of the characters.
  static String text(RandomGenerator random, String characters, int longest) {
    int[] points = characters.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(longest + 1); length > 0; length--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }
}
