package redoubt.agent.journal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import redoubt.core.model.Sha256;

/// The chain of the journal: each line has the SHA-256 of the line before it, so that no line can
/// be changed, removed or inserted without every later one telling. Not thread-safe.
final class LineChain {
  /// The member of a line's `unmapped` that has the digest of the line before it.
  static final String MEMBER = "previous_sha256";

  /// What the first line of a journal has in place of a digest.
  static final String BEGINNING = "";

  private final MessageDigest sha256;

  LineChain() {
    sha256 = Sha256.digester();
  }

  /// What the line after this one has.
  ///
  /// @param line without its line feed
  String digest(ByteBuffer line) {
    sha256.update(line);
    return HexFormat.of().formatHex(sha256.digest());
  }
}
