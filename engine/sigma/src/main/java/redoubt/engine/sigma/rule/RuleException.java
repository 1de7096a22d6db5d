package redoubt.engine.sigma.rule;

/// A rule that is refused, and the line of the fault.
final class RuleException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RuleProblem.Kind kind;
  private final int line;

  /// @param line 1 or more; 0 for the rule's first
  RuleException(RuleProblem.Kind kind, int line, String reason) {
    super(reason, null, false, false);
    this.kind = kind;
    this.line = line;
  }

  RuleProblem.Kind kind() {
    return kind;
  }

  int line() {
    return line;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
