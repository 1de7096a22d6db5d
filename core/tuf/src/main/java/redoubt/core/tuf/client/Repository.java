package redoubt.core.tuf.client;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import redoubt.core.tuf.Limits;
import redoubt.core.tuf.MetaFile;
import redoubt.core.tuf.MetadataReader;
import redoubt.core.tuf.RoleKeys;
import redoubt.core.tuf.Signed;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.mirror.Mirror;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.mirror.RepositoryPath;
import redoubt.core.tuf.store.MetadataStore;

/// What every step of one update stands on.
///
/// @param store what is trusted
/// @param mirror what is offered
/// @param limits how much is taken
/// @param reader how what is offered is read
/// @param now the fixed update start time (TUF 5.1)
record Repository(
    MetadataStore store, Mirror mirror, Limits limits, MetadataReader reader, Instant now) {
  /// Reads and verifies what was fetched.
  <T extends Signed> Verified<T> verify(byte[] file, Class<T> kind, RoleKeys keys, String step)
      throws TufException {
    return Verified.of(reader, file, kind, keys, step);
  }

  /// The trusted file of a role if these keys vouch for it still. It was verified when it was
  /// stored; who may sign can have changed since.
  <T extends Signed> Optional<Verified<T>> findTrusted(
      String role, Class<T> kind, RoleKeys keys, int maxBytes) throws IOException {
    Optional<byte[]> file = store.find(role, maxBytes);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(verify(file.get(), kind, keys, "5.3.11"));
    } catch (TufException _) {
      // as good as nothing; what is fetched instead is verified in full
      return Optional.empty();
    }
  }

  /// Fetches the file that other metadata announces.
  ///
  /// @param step of the specification that fetches it
  /// @throws TufException if the mirror does not have it, or it is announced to be too long
  byte[] fetch(String role, MetaFile announced, boolean consistent, int maxBytes, String step)
      throws TufException, MirrorException {
    long length = announced.length().orElse(maxBytes);
    if (length > maxBytes) {
      throw new TufException(
          TufException.Reason.MISSING,
          step,
          "longer than it may be: role=" + role + " limitBytes=" + maxBytes);
    }
    String name = consistent ? announced.version() + "." + role : role;
    return mirror
        .fetchBytes(RepositoryPath.of(name + ".json"), (int) length)
        .orElseThrow(() -> missing(name, step));
  }

  static TufException missing(String name, String step) {
    return new TufException(
        TufException.Reason.MISSING, step, "the mirror does not have it: file=" + name + ".json");
  }
}
