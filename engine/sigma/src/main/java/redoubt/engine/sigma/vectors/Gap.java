package redoubt.engine.sigma.vectors;

/// What no vector covers, and why; for people.
///
/// @param rule its key
/// @param reason of which kind
/// @param what the test, and what stands in the way
public record Gap(String rule, Reason reason, String what) {
  /// Kinds of reasons.
  public enum Reason {
    /// No event of this host is of the rule's log source.
    LOG_SOURCE,
    /// No event of the rule's log source has the field.
    FIELD,
    /// Wherever the rule's other tests leave it to this one, it comes out the same, as far as was
    /// seen: another test asks for as much, or for more.
    REDUNDANT,
    /// No events were found that differ in the test alone: the rule's tests contradict one another,
    /// or the search did not get there.
    UNDECIDED,
    /// More tests, events, text or time than vectors have room for.
    LIMIT,
    /// A kind of rule or expression that is not solved.
    UNSUPPORTED,
    /// Two rules have the same key.
    KEY,
    /// The engine and the reference do not agree: one of them is wrong.
    DISAGREEMENT
  }
}
