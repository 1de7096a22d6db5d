package redoubt.agent.supply;

import org.jspecify.annotations.Nullable;
import redoubt.agent.policy.MendableException;

/// A bundle cannot be had, or nobody whom the owner believes vouches for it now. Nothing has
/// changed.
///
/// The message reads `problem: name=value`; [#fix] says what would mend it.
public final class SupplyException extends MendableException {
  private static final long serialVersionUID = 1L;

  /// Somebody else is being served.
  public static SupplyException busy() {
    return new SupplyException("a repository is being asked already", "try again in a moment");
  }

  SupplyException(String message, String fix) {
    super(message, fix, null);
  }

  SupplyException(String message, String fix, @Nullable Throwable cause) {
    super(message, fix, cause);
  }
}
