package redoubt.fleet.rollout;

/// What can be wrong with a host, with or without the update. The first of a host counts, once.
public enum Symptom {
  /// The engine or the agent did not stay up, and the host fell back.
  CRASH_LOOP,
  /// The host did not boot the first time.
  BOOT_FAILURE,
  /// More deadlines missed than this host's own bound.
  DEADLINE_MISSES,
  /// More denials of known files than this host's own bound.
  DENIAL_RATE,
  /// It wanted to deny what the host lives on.
  PROTECTED_REFUSAL,
  /// More memory than it may have.
  MEMORY,
  /// The host runs something else than what it was given, by its own decision.
  FELL_BACK,
  /// Not heard of for too long, without a goodbye.
  SILENCE
}
