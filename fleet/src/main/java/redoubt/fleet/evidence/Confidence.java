package redoubt.fleet.evidence;

/// What a number of trials says about the share that one would see in endlessly many. Pure.
public final class Confidence {
  private static final int HALVINGS = 60;

  private Confidence() {}

  /// The largest share that is still believable: the exact one-sided bound of Clopper and Pearson
  /// (Biometrika 1934). Without a single hit it is about `3/trials` at 95 %, the rule of three.
  ///
  /// @param hits how many trials showed it, 0 to `trials`
  /// @param trials how many there were, at least 1
  /// @param confidence such as 0.95, between 0 and 1
  public static double upperShare(int hits, int trials, double confidence) {
    if (trials < 1 || hits < 0 || hits > trials || !(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "no such trials: hits=" + hits + " trials=" + trials + " confidence=" + confidence);
    }
    double low = (double) hits / trials;
    double high = 1;
    for (int i = 0; i < HALVINGS && hits < trials; i++) {
      double middle = (low + high) / 2;
      if (atMost(hits, trials, middle) > 1 - confidence) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /// The chance of at most so many hits where each trial hits with the given chance.
  static double atMost(int hits, int trials, double chance) {
    if (chance <= 0) {
      return 1;
    }
    if (chance >= 1) {
      return hits >= trials ? 1 : 0;
    }
    double logTerm = trials * Math.log1p(-chance);
    double sum = Math.exp(logTerm);
    for (int i = 1; i <= hits; i++) {
      logTerm += Math.log((trials - i + 1.0) / i * chance / (1 - chance));
      sum += Math.exp(logTerm);
    }
    return Math.min(1, sum);
  }
}
