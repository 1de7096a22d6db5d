package redoubt.agent.activation;

import org.jspecify.annotations.Nullable;

/// A request that cannot be carried out.
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1;

  public RefusedException(@Nullable String message) {
    super(message);
  }
}
