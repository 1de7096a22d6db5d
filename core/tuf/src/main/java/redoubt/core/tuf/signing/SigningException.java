package redoubt.core.tuf.signing;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Something cannot be signed or published. Nothing that clients see has changed.
///
/// The message reads `problem: name=value`.
public final class SigningException extends Exception {
  private static final long serialVersionUID = 1L;

  /// Says what is wrong.
  public SigningException(String message) {
    super(message);
  }

  /// Says what is wrong, and why.
  public SigningException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// Returns the problem, never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
