package redoubt.agent.quarantine;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A file is not put away, given back or deleted, and stays as it was. The message is one line,
/// what would mend it another.
public final class QuarantineException extends Exception {
  private static final long serialVersionUID = 1L;

  /// What would mend it, one line.
  private final String fix;

  QuarantineException(String message, String fix) {
    this(message, fix, null);
  }

  QuarantineException(String message, String fix, @Nullable Throwable cause) {
    super(message, cause);
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
