package redoubt.core.tuf.mirror;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A mirror did not give a file, and it is not known whether it has one: worth another try, at
/// another time or another mirror. Says nothing about the repository.
///
/// The message reads `problem: name=value`.
public final class MirrorException extends Exception {
  private static final long serialVersionUID = 1L;

  /// Says what went wrong.
  public MirrorException(String message) {
    super(message);
  }

  /// Says what went wrong, and why.
  public MirrorException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// Returns the problem, never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
