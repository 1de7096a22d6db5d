package redoubt.agent.fleet;

import java.util.Optional;
import java.util.OptionalLong;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.HostMessage;

/// What this host says to its fleet about updates, and what it was allowed. Thread-safe.
public interface UpdateChannel {
  /// Who this host is in its fleet; nothing if it is of none.
  Optional<Membership> membership();

  /// Whether the fleet decides what this host activates; so also while nobody knows who does.
  boolean directsUpdates();

  /// Asks for a lease, if there is a connection.
  ///
  /// @return whether it was asked for
  boolean ask(BundleName bundle);

  /// The counter of the lease by which a bundle may be activated at this moment; nothing if there
  /// is none.
  OptionalLong lease(Sha256 bundle);

  /// A bundle may not be activated any more, whatever was granted.
  void giveUp(Sha256 bundle);

  /// Tells the server something, if there is a connection; else it is lost.
  void say(HostMessage message);
}
