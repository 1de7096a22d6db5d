package redoubt.testing.simulation;

import java.util.random.RandomGenerator;
import redoubt.core.model.Verdict;
import redoubt.testing.testkit.Seeds;

/// What a random run may contain. Everything else about it follows from the seed.
///
/// @param seed the seed
/// @param enforcing whether engines may be in enforce mode
/// @param onMiss the owner's miss policy
/// @param killLate whether a late DENY may end a process
/// @param faults whether engines die, clocks jump, answers are refused, descriptors run out, and
///   files change
record RunPlan(long seed, boolean enforcing, Verdict onMiss, boolean killLate, boolean faults) {
  /// A plan with everything in it.
  static RunPlan everything(long seed) {
    RandomGenerator random = Seeds.random(~seed);
    return new RunPlan(
        seed,
        true,
        random.nextInt(4) == 0 ? Verdict.DENY : Verdict.ALLOW,
        random.nextBoolean(),
        true);
  }

  RunPlan monitoring() {
    return new RunPlan(seed, false, Verdict.DENY, killLate, faults);
  }
}
