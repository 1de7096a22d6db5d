package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The list of known-bad content that agents under test are given.
final class KnownBad {
  private KnownBad() {}

  /// Writes the list of every bad [Specimen].
  static Path writeList(Path file) throws IOException {
    StringBuilder list = new StringBuilder("# the bad ones of each pair\n");
    for (Specimen specimen : Specimen.values()) {
      list.append(sha256(specimen.bad())).append("  ").append(specimen.rule()).append('\n');
    }
    return Files.writeString(file, list);
  }

  /// The digest in lower-case hexadecimal.
  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
