package redoubt.agent.seal;

import java.time.Instant;
import java.util.Optional;
import redoubt.core.model.Sha256;

/// What the owner vouched for, and when.
///
/// @param at when
/// @param by the user id of who did
/// @param digests the SHA-256 of the list of digests
/// @param immutable whether all files could be made immutable then
/// @param passphrase what has to be said before the agent is stopped or the seal removed, if
///   anything
public record Seal(
    Instant at, int by, Sha256 digests, boolean immutable, Optional<Passphrase> passphrase) {
  /// Whether the owner wants to be asked before the agent is stopped or the seal removed.
  public boolean needsPassphrase() {
    return passphrase.isPresent();
  }

  /// Whether somebody who says this may stop the agent or remove the seal. Takes some tenths of a
  /// second if there is a passphrase.
  ///
  /// @param words what they say; empty if they were not asked
  public boolean isAuthorisedBy(String words) {
    return passphrase.isEmpty() || passphrase.get().matches(words);
  }
}
