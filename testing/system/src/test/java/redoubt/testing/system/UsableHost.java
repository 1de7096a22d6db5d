package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;

/// What has to hold of a host whatever its engines do.
final class UsableHost {
  private static final Duration HARD_DEADLINE = Duration.ofSeconds(2);

  private UsableHost() {}

  /// What is good starts within its deadline, what is bad does not.
  static void require(Path good, Path bad, RunningAgent agent) throws Exception {
    Load.Tally allowed = Load.once(good);
    assertEquals(1, allowed.allowed(), allowed.toString());
    assertTrue(allowed.within(HARD_DEADLINE), allowed.toString());
    Load.Tally denied = Load.once(bad);
    assertEquals(1, denied.denied(), denied + agent.log());
  }
}
