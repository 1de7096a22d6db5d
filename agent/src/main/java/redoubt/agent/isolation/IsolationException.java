package redoubt.agent.isolation;

import redoubt.agent.policy.MendableException;

/// The host is not isolated, or not freed, as was asked for.
public final class IsolationException extends MendableException {
  private static final long serialVersionUID = 1L;

  IsolationException(String message, String fix) {
    super(message, fix, null);
  }
}
