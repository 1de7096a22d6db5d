package redoubt.agent.policy;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Something that the owner wants cannot be done. The message is one line, what would mend it
/// another.
public abstract class MendableException extends Exception {
  private static final long serialVersionUID = 1L;

  /// What would mend it, one line.
  private final String fix;

  /// @param message the problem
  /// @param fix what would mend it
  protected MendableException(String message, String fix, @Nullable Throwable cause) {
    super(message, cause);
    this.fix = fix;
  }

  /// The problem, never null.
  @Override
  public final String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /// One line that says what would mend it.
  public final String fix() {
    return fix;
  }
}
