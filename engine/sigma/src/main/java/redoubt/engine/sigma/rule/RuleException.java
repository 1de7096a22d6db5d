package redoubt.engine.sigma.rule;

/// A rule that is refused, or a file of the owner's that changes rules, and the line of the fault.
public final class RuleException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RuleProblem.Kind kind;
  private final int line;

  /// @param line 1 or more; 0 for the first line
  public RuleException(RuleProblem.Kind kind, int line, String reason) {
    super(reason, null, false, false);
    this.kind = kind;
    this.line = line;
  }

  /// What is wrong, for counting.
  public RuleProblem.Kind kind() {
    return kind;
  }

  /// Where: 1 or more; 0 for the rule's first line.
  public int line() {
    return line;
  }

  /// One sentence for the author.
  public String reason() {
    return String.valueOf(getMessage());
  }
}
