package redoubt.fleet.simulation;

import java.util.SplittableRandom;

/// Counts drawn at random. Exact where counts are small; a normal distribution, rounded, where the
/// expected count and that of the rest are both above 50.
final class Draws {
  private static final double MANY = 50;

  private final SplittableRandom random;

  Draws(SplittableRandom random) {
    this.random = random;
  }

  /// How many of `n` are hit if each is with this chance.
  long binomial(long n, double chance) {
    if (n <= 0 || chance <= 0) {
      return 0;
    }
    if (chance >= 1) {
      return n;
    }
    if (chance > 0.5) {
      return n - binomial(n, 1 - chance);
    }
    double mean = n * chance;
    if (mean > MANY) {
      double drawn = mean + Math.sqrt(mean * (1 - chance)) * random.nextGaussian();
      return Math.clamp(Math.round(drawn), 0, n);
    }
    // From one hit to the next: the gaps are geometric.
    long hits = 0;
    double perGap = Math.log1p(-chance);
    double at = Math.floor(Math.log(1 - random.nextDouble()) / perGap);
    while (at < n) {
      hits++;
      at += 1 + Math.floor(Math.log(1 - random.nextDouble()) / perGap);
    }
    return hits;
  }

  /// How many things happen that happen so often on average.
  long poisson(double mean) {
    if (mean <= 0) {
      return 0;
    }
    if (mean > MANY) {
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    long count = -1;
    for (double left = mean; left >= 0; left += Math.log(1 - random.nextDouble())) {
      count++;
    }
    return count;
  }
}
