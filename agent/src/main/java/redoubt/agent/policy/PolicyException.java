package redoubt.agent.policy;

import org.jspecify.annotations.Nullable;

/// The owner's policy cannot be read, or what was asked for would not be safe.
///
/// Nothing has changed when this is thrown. The message reads `problem: name=value`; [#fix] says
/// what would mend it.
public final class PolicyException extends MendableException {
  private static final long serialVersionUID = 1L;

  public PolicyException(String message, String fix) {
    super(message, fix, null);
  }

  public PolicyException(String message, String fix, @Nullable Throwable cause) {
    super(message, fix, cause);
  }
}
