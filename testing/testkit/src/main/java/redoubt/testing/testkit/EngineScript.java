package redoubt.testing.testkit;

import redoubt.agent.decision.Subject;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;

/// What an engine does about an event.
@FunctionalInterface
public interface EngineScript {
  /// Says what the engine will do about one event that it is asked about.
  Reply reply(Subject subject);

  /// What an engine does.
  sealed interface Reply {
    /// It gives a verdict.
    ///
    /// @param afterNanos how long it takes
    /// @param lifetimeNanos how long the verdict may be kept, 0 for not at all
    record Answer(long afterNanos, Verdict verdict, VerdictScope scope, long lifetimeNanos)
        implements Reply {}

    /// It says that it has no verdict.
    ///
    /// @param afterNanos how long it takes
    record Abstain(long afterNanos) implements Reply {}

    /// It never says anything.
    record Silence() implements Reply {}

    /// It cannot even be asked.
    ///
    /// @param cause why
    record Unreachable(EngineOpinion.Cause cause) implements Reply {}
  }

  /// An engine that answers every event alike, about this event only.
  static EngineScript always(Verdict verdict, long afterNanos) {
    return _ -> new Reply.Answer(afterNanos, verdict, VerdictScope.EVENT, 0);
  }

  /// An engine that gives verdicts that stand for the content for an hour.
  static EngineScript lasting(Verdict verdict, long afterNanos) {
    return _ -> new Reply.Answer(afterNanos, verdict, VerdictScope.FILE, 3_600_000_000_000L);
  }

  /// An engine that never answers.
  static EngineScript silent() {
    return _ -> new Reply.Silence();
  }
}
