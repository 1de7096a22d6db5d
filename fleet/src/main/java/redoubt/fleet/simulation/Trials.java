package redoubt.fleet.simulation;

import java.util.Arrays;
import java.util.function.IntConsumer;
import redoubt.fleet.evidence.Confidence;

/// What many seeds of one setup came to, in cohorts.
///
/// @param seeds how many runs
/// @param firstSeed that of the first run; the others follow it
/// @param halts how many runs were halted
/// @param haltsUpTo the largest share of halted runs that is still believable, at 95 %
/// @param exposed how many hosts activated it
/// @param hit how many of these had the fault in them
/// @param lost how many of these were gone
/// @param haltedAfter seconds until the halt, of the runs that were halted
/// @param coveredAfter seconds until 99 % of the eligible hosts had it, of the runs that got so far
public record Trials(
    int seeds,
    long firstSeed,
    int halts,
    double haltsUpTo,
    Spread exposed,
    Spread hit,
    Spread lost,
    Spread haltedAfter,
    Spread coveredAfter) {
  private static final double CONFIDENCE = 0.95;

  /// How a number is spread over runs.
  ///
  /// @param runs in how many it is known; the others are 0 if none
  /// @param least the smallest
  /// @param median half of the runs have no more
  /// @param ninetyNinth 99 in 100 runs have no more
  /// @param most the largest
  public record Spread(int runs, long least, long median, long ninetyNinth, long most) {
    static Spread of(long... numbers) {
      if (numbers.length == 0) {
        return new Spread(0, 0, 0, 0, 0);
      }
      long[] sorted = numbers.clone();
      Arrays.sort(sorted);
      return new Spread(
          sorted.length,
          sorted[0],
          sorted[rank(sorted.length, 50)],
          sorted[rank(sorted.length, 99)],
          sorted[sorted.length - 1]);
    }

    private static int rank(int length, int percent) {
      return Math.max(0, (length * percent + 99) / 100 - 1);
    }
  }

  /// Runs them, one after the other.
  ///
  /// @param setup of the first run
  /// @param seeds how many runs, at least 1
  /// @param listener hears how many are done
  public static Trials run(Setup setup, int seeds, IntConsumer listener) {
    Outcome[] outcomes = new Outcome[seeds];
    for (int i = 0; i < seeds; i++) {
      outcomes[i] = new CohortSimulation(setup.withSeed(setup.seed() + i)).run();
      listener.accept(i + 1);
    }
    return of(setup.seed(), outcomes);
  }

  static Trials of(long firstSeed, Outcome... outcomes) {
    int halts = (int) Arrays.stream(outcomes).filter(o -> o.halt() != null).count();
    return new Trials(
        outcomes.length,
        firstSeed,
        halts,
        Confidence.upperShare(halts, outcomes.length, CONFIDENCE),
        Spread.of(Arrays.stream(outcomes).mapToLong(Outcome::hostsExposed).toArray()),
        Spread.of(Arrays.stream(outcomes).mapToLong(Outcome::hostsHit).toArray()),
        Spread.of(Arrays.stream(outcomes).mapToLong(Outcome::hostsLost).toArray()),
        Spread.of(
            Arrays.stream(outcomes)
                .filter(o -> o.haltedAfter().isPresent())
                .mapToLong(o -> o.haltedAfter().getAsInt())
                .toArray()),
        Spread.of(
            Arrays.stream(outcomes)
                .filter(o -> o.coveredAfter().isPresent())
                .mapToLong(o -> o.coveredAfter().getAsInt())
                .toArray()));
  }
}
