package redoubt.agent.decision;

import redoubt.core.model.DecisionBasis;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.Verdict;

/// What the opinions on an operation come to. Pure: the same opinions in any order of engines and
/// of arrival come to the same ruling.
///
/// The only place where a [Ruling.Deny] is made, and each needs an engine whose mode is ENFORCE at
/// this moment: while every engine is in monitor mode nothing can be denied.
final class Combination {
  /// Finds the owner's exception for one engine's DENY.
  @FunctionalInterface
  interface ExceptionLookup {
    /// Returns the id of the exception that applies, empty if none does.
    String find(Inquiry inquiry, EngineLink engine);
  }

  private Combination() {}

  /// Rules on an inquiry as it stands.
  ///
  /// @param onMiss what the owner wants where an enforcing engine has no opinion
  static Ruling rule(Inquiry inquiry, Verdict onMiss, ExceptionLookup exceptions) {
    EngineLink waitedFor = null;
    EngineLink silent = null;
    boolean fresh = false;
    String exception = "";
    for (int slot = 0; slot < inquiry.slots(); slot++) {
      EngineLink engine = inquiry.engine(slot);
      if (engine == null || engine.mode() != EngineMode.ENFORCE) {
        continue;
      }
      switch (inquiry.opinion(slot)) {
        case null -> waitedFor = engine;
        case EngineOpinion.Missing _ -> silent = engine;
        case EngineOpinion.Answered answered -> {
          fresh |= !answered.cached();
          if (answered.verdict() == Verdict.DENY && !inquiry.protectedFile()) {
            String found = exceptions.find(inquiry, engine);
            if (found.isEmpty()) {
              return new Ruling.Deny(basisOf(answered), engine.id());
            }
            exception = found;
          }
        }
      }
    }
    if (waitedFor != null) {
      return new Ruling.Open();
    }
    if (silent != null) {
      return onMiss == Verdict.DENY && !inquiry.protectedFile()
          ? new Ruling.Deny(DecisionBasis.MISS_POLICY, silent.id())
          : new Ruling.Allow(DecisionBasis.MISS_POLICY, exception);
    }
    if (!exception.isEmpty()) {
      return new Ruling.Allow(DecisionBasis.EXCEPTION, exception);
    }
    return new Ruling.Allow(fresh ? DecisionBasis.ENGINES : DecisionBasis.CACHE, "");
  }

  private static DecisionBasis basisOf(EngineOpinion.Answered answered) {
    return answered.cached() ? DecisionBasis.CACHE : DecisionBasis.ENGINES;
  }
}
