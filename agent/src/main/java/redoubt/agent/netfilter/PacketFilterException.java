package redoubt.agent.netfilter;

import redoubt.agent.policy.MendableException;

/// The kernel's packet filter does not hold, or does not tell, what was asked for.
public final class PacketFilterException extends MendableException {
  private static final long serialVersionUID = 1L;

  /// Whether what was asked for may be in force all the same.
  private final boolean mayHold;

  /// @param message the problem
  /// @param fix what would mend it
  /// @param mayHold whether what was asked for may be in force all the same
  public PacketFilterException(String message, String fix, boolean mayHold) {
    super(message, fix, null);
    this.mayHold = mayHold;
  }

  /// Whether what was asked for may be in force all the same: nobody could see that it is not.
  public boolean mayHold() {
    return mayHold;
  }
}
