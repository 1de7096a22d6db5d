package redoubt.core.content;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import redoubt.core.model.Sha256;

/// The digest of a whole file. Stateless.
public final class FileDigest {
  private FileDigest() {}

  /// Reads a file to its end.
  ///
  /// @param options how it is opened for reading, such as without following links
  /// @throws IOException if it cannot be read
  public static Sha256 of(Path file, OpenOption... options) throws IOException {
    try (InputStream bytes = Files.newInputStream(file, options);
        DigestInputStream digested = new DigestInputStream(bytes, Sha256.digester())) {
      digested.transferTo(OutputStream.nullOutputStream());
      return Sha256.of(digested.getMessageDigest().digest());
    }
  }
}
