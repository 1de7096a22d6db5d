package redoubt.agent.netfilter;

import redoubt.agent.policy.MendableException;

/// The kernel's packet filter does not hold, or does not tell, what was asked for.
public final class PacketFilterException extends MendableException {
  private static final long serialVersionUID = 1L;

  /// @param message the problem
  /// @param fix what would mend it
  public PacketFilterException(String message, String fix) {
    super(message, fix, null);
  }
}
