package redoubt.testing.simulation;

import java.util.random.RandomGenerator;
import redoubt.core.model.Verdict;
import redoubt.testing.testkit.Seeds;

/// What a random run may contain. Everything else about it follows from the seed.
///
/// @param seed the seed
/// @param seating the seed of the engines' order of registration and their slots
/// @param enforcing whether engines may be in enforce mode
/// @param onMiss the owner's miss policy
/// @param killLate whether a late DENY may end a process
/// @param faults whether engines fail or die, clocks jump, answers are refused, descriptors run
///   short and files change
/// @param flood how many operations one user asks for at once, beside everybody else's
record RunPlan(
    long seed,
    long seating,
    boolean enforcing,
    Verdict onMiss,
    boolean killLate,
    boolean faults,
    int flood) {
  /// The user who floods; asks for nothing else.
  static final int FLOODER = 6666;

  /// A plan with every fault in it.
  static RunPlan everything(long seed) {
    RandomGenerator random = Seeds.random(~seed);
    Verdict onMiss = random.nextInt(4) == 0 ? Verdict.DENY : Verdict.ALLOW;
    return new RunPlan(seed, seed, true, onMiss, random.nextBoolean(), true, random.nextInt(40));
  }

  /// A plan in which every engine answers in time and no file changes.
  static RunPlan reliable(long seed) {
    return new RunPlan(seed, seed, true, Verdict.ALLOW, false, false, 0);
  }

  RunPlan monitoring() {
    return new RunPlan(seed, seating, false, Verdict.DENY, killLate, faults, flood);
  }

  RunPlan seatedOtherwise() {
    return new RunPlan(seed, ~seating, enforcing, onMiss, killLate, faults, flood);
  }

  RunPlan flooded(int operations) {
    return new RunPlan(seed, seating, enforcing, onMiss, killLate, faults, operations);
  }
}
