package redoubt.fleet.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import redoubt.fleet.rollout.Channel;

/// 8.5 million hosts, host by host: a part of the campaign, since it needs a gigabyte and minutes.
final class ReplayCampaign {
  private static final int HOSTS = 8_500_000;
  private static final long SEED = Long.getLong("redoubt.fuzz.seed", 1);

  private static Outcome run(String scenario, Channel channel) {
    long begin = System.nanoTime();
    Setup setup = new Setup(Scenario.find(scenario).orElseThrow(), HOSTS, SEED, channel, 0, false);
    Outcome outcome = new FleetSimulation(setup).run((_, _) -> {});
    System.out.println(
        String.format(
            Locale.ROOT,
            "figures: host by host, %s, %s: exposed %,d, lost %,d, halted after %d s, well again"
                + " after %d s, 99 %% of %,d eligible after %d s; took %.1f s",
            scenario,
            channel.name().toLowerCase(Locale.ROOT),
            outcome.hostsExposed(),
            outcome.hostsLost(),
            outcome.haltedAfter().orElse(-1),
            outcome.recoveredAfter().orElse(-1),
            outcome.eligible(),
            outcome.coveredAfter().orElse(-1),
            (System.nanoTime() - begin) / 1e9));
    return outcome;
  }

  @Test
  void july() {
    Outcome outcome = run("2024-07-19", Channel.EMERGENCY);
    assertTrue(outcome.hostsExposed() <= 5);
    assertEquals(0, outcome.hostsLost());
    assertTrue(outcome.haltedAfter().orElseThrow() <= 120);
  }

  @Test
  void aGoodUpdateInAnEmergency() {
    Outcome outcome = run("good", Channel.EMERGENCY);
    assertNull(outcome.halt());
    assertTrue(outcome.coveredAfter().orElseThrow() <= 45 * 60);
  }

  @Test
  void aGoodUpdate() {
    Outcome outcome = run("good", Channel.STANDARD);
    assertNull(outcome.halt());
    assertTrue(outcome.coveredAfter().orElseThrow() <= 150 * 60);
  }
}
