package redoubt.agent.supply;

import java.util.Optional;
import redoubt.core.model.Sha256;
import redoubt.core.tuf.policy.PublishedBundle;

/// A bundle that a vendor has published, as far as signed metadata says.
///
/// @param target its path in the repository
/// @param version from 1
/// @param channel for whom it is meant
/// @param digest SHA-256 of the whole bundle, if it is said
public record Published(String target, long version, String channel, Optional<Sha256> digest) {
  boolean isRevoked() {
    return channel.equals(PublishedBundle.REVOKED);
  }
}
