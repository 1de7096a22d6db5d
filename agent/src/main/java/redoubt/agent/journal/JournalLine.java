package redoubt.agent.journal;

/// One line of the journal, as far as people ask about it. Texts are empty where the line has none.
///
/// All texts may hold whatever an engine or an unprivileged user chose, control characters
/// included: escape them before they reach a terminal.
///
/// @param raw the line itself, JSON
/// @param timeMillis when it happened, milliseconds since the epoch
/// @param sequence the journal's number for it, within one run of the agent
/// @param kind what sort of line it is
/// @param code `EXEC` or `OPEN` for decisions, the kind of a notice, else empty
/// @param decision the decision's own number within one run of the agent, 0 if there is none
/// @param path the file concerned
/// @param pid the process concerned, 0 if unknown
/// @param image the program that the asking process ran, or that a process found ran
/// @param userId the asking user, -1 if unknown
/// @param sha256 the file's digest in hexadecimal
/// @param answer `ALLOW` or `DENY` for decisions
/// @param basis why, for decisions: a name of [redoubt.core.model.DecisionBasis]
/// @param engine the engine that objected or reported; one in enforce mode before one that is not
/// @param rule the rule or list entry that matched
/// @param reason what the engine gave as its reason
/// @param exception the id of the owner's exception that counted
/// @param message the sentence for people
public record JournalLine(
    String raw,
    long timeMillis,
    long sequence,
    Kind kind,
    String code,
    long decision,
    String path,
    int pid,
    String image,
    long userId,
    String sha256,
    String answer,
    String basis,
    String engine,
    String rule,
    String reason,
    String exception,
    String message) {
  /// The sorts of lines.
  public enum Kind {
    /// What an AUTH event came to.
    DECISION,
    /// What an engine reported.
    FINDING,
    /// What the platform reported about itself.
    NOTICE
  }
}
