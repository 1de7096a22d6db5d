package redoubt.agent.isolation;

import java.util.Objects;

/// The host is not isolated, or not freed, as was asked for. The message is one line, what would
/// mend it another.
public final class IsolationException extends Exception {
  private static final long serialVersionUID = 1L;

  /// What would mend it, one line.
  private final String fix;

  IsolationException(String message, String fix) {
    super(message);
    this.fix = fix;
  }

  /// The problem, never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /// One line that says what would mend it.
  public String fix() {
    return fix;
  }
}
