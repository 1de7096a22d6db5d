package redoubt.core.model;

/// What became of one engine's part in one decision.
public sealed interface EngineOpinion {
  /// The engine.
  EngineId engine();

  /// The mode that the engine was in when the decision fell.
  EngineMode mode();

  /// The engine said something, in time or late.
  ///
  /// @param engine the engine
  /// @param mode its mode when the decision fell
  /// @param verdict what it said
  /// @param reason why, for people; at most 512 characters, empty for none
  /// @param rule the rule or list entry that matched; at most 256 characters, empty for none
  /// @param contentVersion the content the engine judged with; at most 128 characters
  /// @param latencyNanos from the moment the event was read to the engine's answer; 0 if cached
  /// @param cached whether the answer is an earlier one about the same content
  /// @param late whether it came after the platform had answered the kernel
  record Answered(
      EngineId engine,
      EngineMode mode,
      Verdict verdict,
      String reason,
      String rule,
      String contentVersion,
      long latencyNanos,
      boolean cached,
      boolean late)
      implements EngineOpinion {}

  /// The engine said nothing before the deadline, or could not be asked.
  ///
  /// @param engine the engine
  /// @param mode its mode when the decision fell
  /// @param cause why there is no opinion
  /// @param reason what the engine said of it, for people; at most 512 characters, empty for
  ///   nothing
  record Missing(EngineId engine, EngineMode mode, Cause cause, String reason)
      implements EngineOpinion {
    /// No opinion, and no word of the engine's about it.
    public Missing(EngineId engine, EngineMode mode, Cause cause) {
      this(engine, mode, cause, "");
    }
  }

  /// Why an engine has no opinion.
  enum Cause {
    /// It was asked and did not answer before the soft deadline.
    DEADLINE,
    /// It was asked and said before the deadline that it has no verdict, such as for a file too
    /// long to read in time.
    ABSTAINED,
    /// It never got the event: its credits or queue were used up.
    NO_CREDIT,
    /// It never got the event: the asking user had too many operations under way.
    ACTOR_THROTTLED,
    /// It never had to answer: it is demoted and only told.
    DEMOTED,
    /// It died, closed its socket or was stopped while the event was with it.
    GONE,
    /// The file could not be hashed or handed over in time.
    NOT_DELIVERED
  }
}
