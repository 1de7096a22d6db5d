package redoubt.fleet.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redoubt.fleet.rollout.Channel;

/// Counts against hosts: over the same seeds both come to the same.
final class CohortSimulationTest {
  private static final int HOSTS = 20_000;
  private static final int SEEDS = 15;

  /// Exposed hosts may differ by the given factor, times by a fifth and half a minute. What is
  /// tossed by few events differs more.
  @ParameterizedTest
  @CsvSource({
    "2024-07-19, EMERGENCY, 1",
    "good, EMERGENCY, 1.1",
    "good, STANDARD, 1.1",
    "half-hour, EMERGENCY, 1.1",
    "half-hour, STANDARD, 1.5",
    "slow, EMERGENCY, 2",
    "dead-on-activation, EMERGENCY, 1",
    "one-percent, EMERGENCY, 3"
  })
  void bothAgree(String scenario, Channel channel, double factor) {
    Function<Long, Outcome> cohorts =
        seed -> new CohortSimulation(setup(scenario, channel, seed)).run();
    Function<Long, Outcome> hosts =
        seed -> new FleetSimulation(setup(scenario, channel, seed)).run((_, _) -> {});
    Outcome[] counted = outcomes(cohorts);
    Outcome[] played = outcomes(hosts);
    double ratio =
        (double) median(Outcome::hostsExposed, counted) / median(Outcome::hostsExposed, played);
    assertTrue(ratio <= factor && ratio >= 1 / factor, scenario + " exposed: ratio=" + ratio);
    near(scenario + " halted", o -> o.haltedAfter().orElse(0), counted, played);
    near(scenario + " covered", o -> o.coveredAfter().orElse(0), counted, played);
  }

  private static void near(
      String what, ToLongFunction<Outcome> value, Outcome[] counted, Outcome[] played) {
    long one = median(value, counted);
    long other = median(value, played);
    assertTrue(Math.abs(one - other) <= 30 + other * 0.25, what + ": " + one + " and " + other);
  }

  private static Setup setup(String scenario, Channel channel, long seed) {
    return new Setup(Scenario.find(scenario).orElseThrow(), HOSTS, seed, channel, 0, false);
  }

  private static Outcome[] outcomes(Function<Long, Outcome> run) {
    return LongStream.rangeClosed(1, SEEDS).boxed().map(run).toArray(Outcome[]::new);
  }

  private static long median(ToLongFunction<Outcome> value, Outcome... outcomes) {
    return LongStream.of(Arrays.stream(outcomes).mapToLong(value).toArray())
        .sorted()
        .skip(outcomes.length / 2)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatNeedsSingleHostsIsRefused() {
    Setup setup = setup("telemetry-down", Channel.EMERGENCY, 1);
    assertThrows(IllegalArgumentException.class, () -> new CohortSimulation(setup));
    Setup pushed = setup("2024-07-19", Channel.EMERGENCY, 1).pushed();
    assertThrows(IllegalArgumentException.class, () -> new CohortSimulation(pushed));
  }

  @Test
  void aSeedGivesTheSameRunAgain() {
    Setup setup = setup("slow", Channel.STANDARD, 9);
    assertEquals(new CohortSimulation(setup).run(), new CohortSimulation(setup).run());
  }
}
