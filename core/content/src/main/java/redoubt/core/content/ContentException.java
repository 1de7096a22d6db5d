package redoubt.core.content;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Content cannot be taken, is not what was signed, or cannot be stored. What was in force before
/// stays in force.
///
/// The message reads `problem: name=value`.
public final class ContentException extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param message what is wrong
  public ContentException(String message) {
    super(message);
  }

  /// @param message what is wrong
  /// @param cause why, or null
  public ContentException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// Returns the problem, never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
