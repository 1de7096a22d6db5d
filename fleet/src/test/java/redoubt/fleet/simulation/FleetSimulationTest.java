package redoubt.fleet.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.fleet.rollout.Channel;

final class FleetSimulationTest {
  private static final int HOSTS = 20_000;

  static Outcome run(String scenario, Channel channel, long seed, double liars) {
    Scenario known = Scenario.find(scenario).orElseThrow();
    return new FleetSimulation(new Setup(known, HOSTS, seed, channel, liars, false))
        .run((_, _) -> {});
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void julyReachesFiveHostsAndNoneIsLost(long seed) {
    for (Channel channel : Channel.values()) {
      Outcome outcome = run("2024-07-19", channel, seed, 0);
      assertTrue(outcome.hostsExposed() <= 5, channel + ": " + outcome.hostsExposed());
      assertEquals(0, outcome.hostsLost());
      assertTrue(outcome.haltedAfter().orElseThrow() <= 120);
      assertTrue(outcome.recoveredAfter().isPresent());
    }
  }

  @Test
  void aSeedGivesTheSameRunAgain() {
    Outcome first = run("one-percent", Channel.EMERGENCY, 4, 0.001);
    assertEquals(first, run("one-percent", Channel.EMERGENCY, 4, 0.001));
    assertNotEquals(first, run("one-percent", Channel.EMERGENCY, 5, 0.001));
  }

  @ParameterizedTest
  @CsvSource({"EMERGENCY, 45", "STANDARD, 150", "CAREFUL, 600"})
  void aGoodUpdateGetsThroughInTime(Channel channel, int minutes) {
    for (long seed = 1; seed <= 3; seed++) {
      Outcome outcome = run("good", channel, seed, 0);
      assertNull(outcome.halt(), "seed=" + seed);
      assertTrue(outcome.coveredAfter().orElseThrow() <= minutes * 60, "seed=" + seed);
    }
  }

  @Test
  void withoutTelemetryNothingIsGranted() {
    Outcome outcome = run("telemetry-down", Channel.EMERGENCY, 1, 0);
    assertNull(outcome.halt());
    assertTrue(outcome.frozenFor() >= 500, "frozen=" + outcome.frozenFor());
    List<Long> exposed =
        outcome.curve().stream()
            .filter(point -> point.second() >= 960 && point.second() <= 1_500)
            .map(Outcome.Point::exposed)
            .distinct()
            .toList();
    assertEquals(1, exposed.size(), "exposed over the outage: " + exposed);
    assertTrue(outcome.coveredAfter().isPresent(), "and afterwards it goes on");
  }

  @ParameterizedTest
  @EnumSource(Channel.class)
  void aFaultOfOneKindOfHardwareCostsTheWindowOfThatKind(Channel channel) {
    for (long seed = 1; seed <= 5; seed++) {
      assertTrue(run("one-model", channel, seed, 0).hostsHit() <= 3, "seed=" + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void evenTheWorstCostsFiveHosts(long seed) {
    Outcome outcome = run("dead-on-activation", Channel.EMERGENCY, seed, 0);
    assertTrue(outcome.hostsLost() <= 5, "lost=" + outcome.hostsLost());
    assertTrue(outcome.haltedAfter().orElseThrow() <= 120);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.01})
  void hostsThatLieHealthyDoNotWidenWhatJulyReaches(double liars) {
    for (long seed = 1; seed <= 10; seed++) {
      assertTrue(run("2024-07-19", Channel.EMERGENCY, seed, liars).hostsExposed() <= 5);
    }
  }

  @Test
  void withoutControlItReachesAllThatAreThere() {
    Scenario july = Scenario.find("2024-07-19").orElseThrow();
    Outcome outcome =
        new FleetSimulation(new Setup(july, HOSTS, 1, Channel.STANDARD, 0, true)).run((_, _) -> {});
    assertTrue(outcome.hostsLost() > HOSTS / 2, "lost=" + outcome.hostsLost());
    assertTrue(outcome.hostsExposed() - outcome.hostsLost() < 10, "those that fell asleep at once");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 40})
  void aTinyFleetRunsToo(int hosts) {
    Scenario good = Scenario.find("good").orElseThrow();
    Outcome outcome =
        new FleetSimulation(new Setup(good, hosts, 3, Channel.EMERGENCY, 0, false))
            .run((_, _) -> {});
    assertNull(outcome.halt());
  }
}
