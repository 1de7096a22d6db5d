package redoubt.server.store;

import java.io.Serial;

/// Somebody wanted what they may not have, or what cannot be. The message is for them: it names the
/// cause and tells nothing that they should not know.
public final class RefusedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public RefusedException(String message) {
    super(message);
  }
}
