package redoubt.fleet.simulation;

import redoubt.fleet.rollout.Bundle;
import redoubt.fleet.rollout.Channel;
import redoubt.fleet.rollout.RolloutPlan;

/// What to simulate. The same setup gives the same run.
///
/// @param scenario what is tried
/// @param hosts how many, 1 to 50 million
/// @param seed makes the world and all chance in it
/// @param channel how fast
/// @param liars the share of hosts, 0 to 1, that say the opposite of what is true: well if the
///   update harms them, ill if it does not
/// @param asItHappened whether the update is pushed to everybody, without a controller
public record Setup(
    Scenario scenario, int hosts, long seed, Channel channel, double liars, boolean asItHappened) {
  /// The most hosts of a run.
  public static final int MOST_HOSTS = 50_000_000;

  static final Bundle BUNDLE = new Bundle("vendor", "new", Bundle.Kind.CONTENT);
  private static final int HOUR_SECONDS = 3_600;

  public Setup {
    if (hosts < 1 || hosts > MOST_HOSTS || !(liars >= 0 && liars <= 1)) {
      throw new IllegalArgumentException("out of range: hosts=" + hosts + " liars=" + liars);
    }
  }

  /// The same with another seed.
  public Setup withSeed(long otherSeed) {
    return new Setup(scenario, hosts, otherSeed, channel, liars, asItHappened);
  }

  /// The same, pushed to everybody, without a controller.
  public Setup pushed() {
    return new Setup(scenario, hosts, seed, channel, liars, true);
  }

  RolloutPlan plan() {
    return channel.plan(BUNDLE, seed);
  }

  /// When the run ends at the latest.
  int horizonSeconds() {
    if (asItHappened) {
      return 3 * HOUR_SECONDS;
    }
    return switch (channel) {
      case EMERGENCY -> 3 * HOUR_SECONDS;
      case STANDARD -> 5 * HOUR_SECONDS;
      case CAREFUL -> 12 * HOUR_SECONDS;
    };
  }
}
