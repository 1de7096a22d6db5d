package redoubt.engine.sigma.rule;

/// Why a rule is refused, or a file that changes rules.
///
/// @param kind what is wrong, for counting
/// @param reason one sentence for the author
public record RuleProblem(Origin origin, Kind kind, String reason) {
  /// What can be wrong with a rule.
  public enum Kind {
    /// Not YAML, or more of it than is read.
    YAML,
    /// A part that a rule must have is missing or of the wrong kind.
    STRUCTURE,
    /// A modifier that the specification does not have, or in a place where it means nothing.
    MODIFIER,
    /// A value that its modifier cannot take.
    VALUE,
    /// A condition that cannot be read.
    CONDITION,
    /// A placeholder for which there are no values.
    PLACEHOLDER,
    /// A pipeline that refuses a rule or makes something of it that is none, or is itself wrong.
    PIPELINE,
    /// A kind of document that this engine does not know.
    UNSUPPORTED
  }

  @Override
  public String toString() {
    return origin + ": " + reason;
  }
}
