package redoubt.agent.decision;

import redoubt.core.model.DecisionBasis;
import redoubt.core.model.EngineId;
import redoubt.core.model.Verdict;

/// What the opinions on one operation come to.
sealed interface Ruling {
  /// Why.
  DecisionBasis basis();

  /// The operation goes on.
  ///
  /// @param basis why
  /// @param exception the id of the owner's exception that outweighed a DENY, empty if none did
  record Allow(DecisionBasis basis, String exception) implements Ruling {}

  /// The operation is denied on the word of an engine in enforce mode: the only ground there is,
  /// beside the owner's own miss policy.
  ///
  /// @param basis why
  /// @param engine the engine whose mode was ENFORCE when the ruling fell
  record Deny(DecisionBasis basis, EngineId engine) implements Ruling {}

  /// Nothing to be said yet: engines that count have not answered.
  record Open() implements Ruling {
    @Override
    public DecisionBasis basis() {
      return DecisionBasis.ENGINES;
    }
  }

  /// What the kernel is told; meaningless for [Open].
  default Verdict verdict() {
    return this instanceof Deny ? Verdict.DENY : Verdict.ALLOW;
  }
}
