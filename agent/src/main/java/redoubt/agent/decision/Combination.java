package redoubt.agent.decision;

import org.jspecify.annotations.Nullable;
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
    boolean enforcing = false;
    boolean open = false;
    boolean fresh = false;
    EngineLink silent = null;
    Ruling.Deny denial = null;
    String exception = "";
    for (int slot = 0; slot < inquiry.slots(); slot++) {
      EngineLink engine = inquiry.engine(slot);
      EngineOpinion opinion = inquiry.opinion(slot);
      if (engine == null || !enforces(engine, opinion)) {
        continue;
      }
      enforcing = true;
      switch (opinion) {
        case null -> open = true;
        case EngineOpinion.Missing _ -> silent = first(silent, engine);
        case EngineOpinion.Answered answered -> {
          fresh |= !answered.cached();
          if (answered.verdict() == Verdict.DENY && !inquiry.protectedFile()) {
            String found = exceptions.find(inquiry, engine);
            if (found.isEmpty()) {
              denial = first(denial, new Ruling.Deny(basisOf(answered), engine.id()));
            } else {
              exception = first(exception, found);
            }
          }
        }
      }
    }
    if (denial != null) {
      return denial;
    }
    if (open) {
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
    return new Ruling.Allow(enforcing ? basisOf(fresh) : DecisionBasis.NO_ENFORCER, "");
  }

  /// Whether an engine's opinion, or its silence, counts: it is in enforce mode now and was when it
  /// spoke, so that the record of its opinion says what the opinion was worth.
  private static boolean enforces(EngineLink engine, @Nullable EngineOpinion opinion) {
    return engine.mode() == EngineMode.ENFORCE
        && (opinion == null || opinion.mode() == EngineMode.ENFORCE);
  }

  // Where several engines say the same, the first by id is named: slots must not matter.

  private static EngineLink first(@Nullable EngineLink one, EngineLink other) {
    return one == null || other.id().compareTo(one.id()) < 0 ? other : one;
  }

  private static Ruling.Deny first(Ruling.@Nullable Deny one, Ruling.Deny other) {
    return one == null || other.engine().compareTo(one.engine()) < 0 ? other : one;
  }

  private static String first(String one, String other) {
    return one.isEmpty() || other.compareTo(one) < 0 ? other : one;
  }

  private static DecisionBasis basisOf(EngineOpinion.Answered answered) {
    return basisOf(!answered.cached());
  }

  private static DecisionBasis basisOf(boolean fresh) {
    return fresh ? DecisionBasis.ENGINES : DecisionBasis.CACHE;
  }
}
