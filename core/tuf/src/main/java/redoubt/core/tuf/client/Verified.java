package redoubt.core.tuf.client;

import java.time.Instant;
import java.util.Set;
import redoubt.core.model.Octets;
import redoubt.core.tuf.MetaFile;
import redoubt.core.tuf.Metadata;
import redoubt.core.tuf.MetadataReader;
import redoubt.core.tuf.RoleKeys;
import redoubt.core.tuf.Signed;
import redoubt.core.tuf.TufException;

/// Metadata of which enough signatures are right.
///
/// @param file the bytes as they were received
/// @param signed what it says
/// @param signers the key ids whose signatures were right
/// @param <T> its kind
record Verified<T extends Signed>(Octets file, T signed, Set<String> signers) {
  /// Reads and verifies a file.
  ///
  /// @param reader how it is read
  /// @param step of the specification that asks for the signatures
  /// @throws TufException if it is no such metadata, or has too few signatures
  static <T extends Signed> Verified<T> of(
      MetadataReader reader, byte[] file, Class<T> kind, RoleKeys keys, String step)
      throws TufException {
    Metadata<T> metadata = reader.read(file, kind, keys, step);
    return new Verified<>(Octets.of(file), metadata.signed(), keys.signers(metadata));
  }

  /// Whether it is the file that other metadata announces.
  boolean isThat(MetaFile announced) {
    return signed.version() == announced.version()
        && (announced.length().isEmpty() || announced.length().getAsLong() == file.length())
        && (announced.digests().isEmpty() || announced.digests().get().match(file.toArray()));
  }

  /// Insists that its time is not over.
  ///
  /// @throws TufException if it is: the only one that is no sign of forgery
  Verified<T> requireInTime(String role, Instant now, String step) throws TufException {
    if (signed.isExpired(now)) {
      throw new TufException(
          TufException.Reason.EXPIRED,
          step,
          "verified but expired: role="
              + role
              + " version="
              + signed.version()
              + " expires="
              + signed.expires());
    }
    return this;
  }
}
