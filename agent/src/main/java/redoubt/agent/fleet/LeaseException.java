package redoubt.agent.fleet;

import java.io.Serial;

/// A lease that is as none; the message says why.
public final class LeaseException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  LeaseException(String message) {
    super(message);
  }

  LeaseException(String message, Exception cause) {
    super(message, cause);
  }
}
