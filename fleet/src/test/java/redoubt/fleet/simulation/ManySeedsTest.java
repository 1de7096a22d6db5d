package redoubt.fleet.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import redoubt.fleet.evidence.Confidence;
import redoubt.fleet.rollout.Channel;

/// The promises over many seeds at 8.5 million hosts, in cohorts: a sample here, a thousand and
/// more in the campaign (`-Dredoubt.rollout.trials`). What it came to is printed as figures.
final class ManySeedsTest {
  private static final int HOSTS = 8_500_000;
  private static final int TRIALS = Integer.getInteger("redoubt.rollout.trials", 60);
  private static final long FIRST_SEED = Long.getLong("redoubt.fuzz.seed", 1);

  private static Trials run(String scenario, Channel channel, double liars) {
    Setup setup =
        new Setup(Scenario.find(scenario).orElseThrow(), HOSTS, FIRST_SEED, channel, liars, false);
    Trials trials = Trials.run(setup, TRIALS, _ -> {});
    System.out.println(
        String.format(
            Locale.ROOT,
            "figures: rollout of %s, %s, %.1f %% liars, %d seeds: halted %d; exposed median %,d,"
                + " p99 %,d, most %,d; with the fault p99 %,d, most %,d; halt after at most %,d s;"
                + " 99 %% covered after at most %,d s",
            scenario,
            channel.name().toLowerCase(Locale.ROOT),
            100 * liars,
            trials.seeds(),
            trials.halts(),
            trials.exposed().median(),
            trials.exposed().ninetyNinth(),
            trials.exposed().most(),
            trials.hit().ninetyNinth(),
            trials.hit().most(),
            trials.haltedAfter().most(),
            trials.coveredAfter().most()));
    return trials;
  }

  @ParameterizedTest
  @CsvSource({"EMERGENCY, 0", "STANDARD, 0", "CAREFUL, 0", "EMERGENCY, 0.001", "EMERGENCY, 0.01"})
  void atMostFiveHostsEverActivateTheContentOfJuly(Channel channel, double liars) {
    Trials trials = run("2024-07-19", channel, liars);
    assertEquals(trials.seeds(), trials.halts());
    assertTrue(trials.exposed().most() <= 5, "exposed=" + trials.exposed());
    assertEquals(0, trials.lost().most());
    assertTrue(trials.haltedAfter().most() <= 120, "halted=" + trials.haltedAfter());
  }

  @ParameterizedTest
  @CsvSource({"EMERGENCY, 2700", "STANDARD, 9000"})
  void goodUpdatesGetThroughInTimeAndAreNotHalted(Channel channel, int seconds) {
    Trials trials = run("good", channel, 0);
    // With few seeds one halt may be chance; with a thousand, less than one in a hundred are.
    double least =
        trials.halts() == 0
            ? 0
            : 1 - Confidence.upperShare(trials.seeds() - trials.halts(), trials.seeds(), 0.99);
    assertTrue(least < 0.01, "halts=" + trials.halts() + " of " + trials.seeds());
    assertTrue(trials.coveredAfter().most() <= seconds, "covered=" + trials.coveredAfter());
  }

  @ParameterizedTest
  @EnumSource(Channel.class)
  void aFaultOnOneHostInAHundredHitsAFew(Channel channel) {
    Trials trials = run("one-percent", channel, 0);
    // Now and then it is held in its first ring, in doubt, and goes no further.
    assertEquals(0, trials.coveredAfter().runs());
    assertTrue(trials.halts() >= trials.seeds() * 0.98, "halts=" + trials.halts());
    assertTrue(trials.hit().ninetyNinth() <= 15, "hit=" + trials.hit());
  }

  /// A fault that waits two hours outlives every channel but the careful one.
  @Test
  void aFaultThatWaitsTwoHoursNeedsTheCarefulChannel() {
    Trials careful = run("two-hours", Channel.CAREFUL, 0);
    assertTrue(careful.exposed().most() <= 1_000, "exposed=" + careful.exposed());
    Trials standard = run("two-hours", Channel.STANDARD, 0);
    assertTrue(standard.exposed().median() > 1_000_000, "it is said that it is not bounded");
  }

  @Test
  void aFaultThatWaitsHalfAnHourIsBoundedOnTheStandardChannel() {
    assertTrue(run("half-hour", Channel.STANDARD, 0).exposed().most() <= 2_000);
  }

  /// Where one in a thousand cries wolf, a good update is halted: that is the safe side, and said.
  @ParameterizedTest
  @CsvSource({"0.001", "0.01"})
  void hostsThatCryWolfHaltAGoodUpdate(double liars) {
    Trials trials = run("good", Channel.STANDARD, liars);
    assertEquals(0, trials.coveredAfter().runs());
    assertTrue(trials.halts() >= trials.seeds() * 0.9, "halts=" + trials.halts());
  }
}
