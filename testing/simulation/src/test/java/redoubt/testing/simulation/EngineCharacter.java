package redoubt.testing.simulation;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import redoubt.agent.decision.Subject;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;
import redoubt.testing.testkit.EngineScript;
import redoubt.testing.testkit.Seeds;

/// An engine's nature, from a seed: which contents it denies, how fast it is, how often it fails.
///
/// What it says of a content depends on nothing but the content and the engine's own version, so
/// that a test can tell what it ought to have said.
record EngineCharacter(long seed, int failuresInHundred) {
  private static final int DENIED_IN_HUNDRED = 25;
  private static final List<VerdictScope> SCOPES = List.of(VerdictScope.values());
  private static final long LIFETIME_NANOS = 2_000_000_000L;

  /// What the engine's version `epoch` says of a content.
  Verdict verdict(long epoch, @Nullable Sha256 content) {
    long digest = content == null ? 0 : content.a();
    return percent(digest, epoch) < DENIED_IN_HUNDRED ? Verdict.DENY : Verdict.ALLOW;
  }

  /// What it does about an event that it is asked about.
  EngineScript.Reply reply(long epoch, Subject subject) {
    RandomGenerator random = Seeds.random(seed * 31 + subject.operation().pid());
    if (random.nextInt(100) >= failuresInHundred) {
      return answer(epoch, subject, random.nextLong(Fixtures.SOFT_NANOS / 2), random);
    }
    return switch (random.nextInt(5)) {
      case 0 -> new EngineScript.Reply.Silence();
      case 1 -> new EngineScript.Reply.Abstain(random.nextLong(2 * Fixtures.SOFT_NANOS));
      case 2 -> new EngineScript.Reply.Unreachable(EngineOpinion.Cause.ACTOR_THROTTLED);
      default -> answer(epoch, subject, random.nextLong(4 * Fixtures.SOFT_NANOS), random);
    };
  }

  private EngineScript.Reply answer(
      long epoch, Subject subject, long afterNanos, RandomGenerator random) {
    VerdictScope scope = SCOPES.get(random.nextInt(SCOPES.size()));
    return new EngineScript.Reply.Answer(
        afterNanos, verdict(epoch, subject.sha256()), scope, LIFETIME_NANOS);
  }

  private int percent(long digest, long epoch) {
    return Seeds.random(seed ^ Long.rotateLeft(digest, 17) ^ epoch).nextInt(100);
  }
}
