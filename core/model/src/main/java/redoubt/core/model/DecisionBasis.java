package redoubt.core.model;

/// What a decision rests on: the answer to "why was this answered so".
public enum DecisionBasis {
  /// The agent, its spawner or one of its engines asked; answered first, by identity.
  SELF,
  /// The file is in the protected set: nothing may deny it.
  PROTECTED,
  /// The owner's exception outweighed a DENY.
  EXCEPTION,
  /// Every engine that had to be asked had already judged this content.
  CACHE,
  /// Engines were asked and answered.
  ENGINES,
  /// At least one engine in enforce mode had no opinion and no other denied: the owner's miss
  /// policy.
  MISS_POLICY,
  /// More operations were waiting than the agent takes on: answered unscanned, scanned afterwards.
  OVERLOAD,
  /// No engine in enforce mode asked for this class of events.
  NO_ENFORCER,
  /// The owner wants that nobody opens a module of the kernel.
  KERNEL_POLICY,
  /// The file is none that is judged (not a regular file).
  NOT_JUDGED
}
