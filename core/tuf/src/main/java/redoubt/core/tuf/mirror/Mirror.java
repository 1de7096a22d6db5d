package redoubt.core.tuf.mirror;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.Optional;

/// Somebody who has files of a repository and whom nobody trusts. For one thread at a time.
@FunctionalInterface
public interface Mirror {
  /// Fetches a file.
  ///
  /// @param path its place in the repository
  /// @param maxBytes the most that is taken
  /// @param sink gets the bytes as they come, also those of a file that turns out to be too long
  /// @return whether the mirror has such a file
  /// @throws MirrorException if the mirror cannot be asked, fails, is too slow or sends more
  boolean fetch(RepositoryPath path, long maxBytes, OutputStream sink) throws MirrorException;

  /// Fetches a small file whole, or nothing if the mirror has none.
  ///
  /// @throws MirrorException if the mirror cannot be asked, fails, is too slow or sends more
  default Optional<byte[]> fetchBytes(RepositoryPath path, int maxBytes) throws MirrorException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    return fetch(path, maxBytes, bytes) ? Optional.of(bytes.toByteArray()) : Optional.empty();
  }
}
