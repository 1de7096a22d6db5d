package redoubt.agent.quarantine;

import org.jspecify.annotations.Nullable;
import redoubt.agent.policy.MendableException;

/// A file is not put away, given back or deleted, and stays as it was.
public final class QuarantineException extends MendableException {
  private static final long serialVersionUID = 1L;

  QuarantineException(String message, String fix) {
    super(message, fix, null);
  }

  QuarantineException(String message, String fix, @Nullable Throwable cause) {
    super(message, fix, cause);
  }
}
