package redoubt.agent.slot;

import org.jspecify.annotations.Nullable;

/// A release of the platform is none that this host can run; the message says why.
public final class ReleaseRefusedException extends Exception {
  private static final long serialVersionUID = 1;

  /// @param message one line for people
  public ReleaseRefusedException(@Nullable String message) {
    super(message);
  }
}
