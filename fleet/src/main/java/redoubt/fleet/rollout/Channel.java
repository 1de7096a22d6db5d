package redoubt.fleet.rollout;

import java.time.Duration;
import java.util.List;
import redoubt.fleet.rollout.Ring.Members;

/// A ready-made pace. The slower, the fewer hosts a fault reaches that shows late: with doubling
/// time `D` and a fault that shows after `t`, about `2^(t/D)` times those of the beginning.
public enum Channel {
  /// As fast as confirmed hosts allow: all within 45 minutes. For what cannot wait.
  EMERGENCY(1.6, 0, 0, 0),
  /// All within two and a half hours.
  STANDARD(1.6, 330, 10, 30),
  /// All within ten hours: for engines and agents, whose faults may show late.
  CAREFUL(1.0, 1_620, 60, 180);

  private static final int FIRST_WINDOW = 5;
  private static final int KIND_WINDOW = 3;
  private static final int SITE_WINDOW = 2;
  private static final double HOLDBACK = 0.01;
  private static final int WORTH_A_HOLDBACK = 1_000;
  private static final double CANARIES = 0.0001;
  private static final double EARLY = 0.01;
  private static final int CANARIES_CONFIRMED = 300;
  private static final int EARLY_CONFIRMED = 30_000;

  private final double growth;
  private final int doublingSeconds;
  private final int canarySoakMinutes;
  private final int earlySoakMinutes;

  Channel(double growth, int doublingSeconds, int canarySoakMinutes, int earlySoakMinutes) {
    this.growth = growth;
    this.doublingSeconds = doublingSeconds;
    this.canarySoakMinutes = canarySoakMinutes;
    this.earlySoakMinutes = earlySoakMinutes;
  }

  /// The plan of this channel for a bundle.
  ///
  /// @param salt a secret number that draws the rings
  public RolloutPlan plan(Bundle bundle, long salt) {
    return plan(bundle, salt, HOLDBACK, Watch.USUAL);
  }

  /// As [#plan(Bundle, long)], with another share of hosts held back, and watched in another way.
  public RolloutPlan plan(Bundle bundle, long salt, double holdback, Watch watch) {
    return plan(bundle, salt, rings(), holdback, watch);
  }

  /// As fast as this channel, in rings of one's own.
  public RolloutPlan plan(
      Bundle bundle, long salt, List<Ring> rings, double holdback, Watch watch) {
    return new RolloutPlan(bundle, salt, rings, holdback, flow(), watch);
  }

  /// The share of hosts that is held back of a fleet: none of a small one, in which those few would
  /// be too few to compare with.
  public static double holdbackOf(int hosts) {
    return hosts < WORTH_A_HOLDBACK ? 0 : HOLDBACK;
  }

  private List<Ring> rings() {
    return List.of(
        new Ring(
            "canaries",
            new Members.Share(CANARIES),
            Duration.ofMinutes(canarySoakMinutes),
            CANARIES_CONFIRMED),
        new Ring(
            "early",
            new Members.Share(EARLY),
            Duration.ofMinutes(earlySoakMinutes),
            EARLY_CONFIRMED),
        new Ring("everyone", new Members.Everyone(), Duration.ZERO, 0));
  }

  private Flow flow() {
    return new Flow(FIRST_WINDOW, KIND_WINDOW, SITE_WINDOW, growth, doublingSeconds);
  }
}
