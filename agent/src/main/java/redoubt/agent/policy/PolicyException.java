package redoubt.agent.policy;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The owner's policy cannot be read, or what was asked for would not be safe.
///
/// Nothing has changed when this is thrown. The message reads `problem: name=value`; [#fix] says
/// what would mend it.
public final class PolicyException extends Exception {
  private static final long serialVersionUID = 1L;

  /// What would mend it, one line.
  private final String fix;

  public PolicyException(String message, String fix) {
    super(message);
    this.fix = fix;
  }

  public PolicyException(String message, String fix, @Nullable Throwable cause) {
    super(message, cause);
    this.fix = fix;
  }

  /// Returns the problem, never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /// Returns one line that says what would mend it.
  public String fix() {
    return fix;
  }
}
