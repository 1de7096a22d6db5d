package redoubt.server.identity;

import java.io.IOException;
import java.nio.file.Path;
import redoubt.core.content.SignedDocument;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;

/// Signs documents that people take away, with a key that is good for nothing else, Ed25519.
/// Immutable, thread-safe.
public final class DocumentSigner {
  private static final int ID_CHARS = 8;

  private final SigningKey key;

  private DocumentSigner(SigningKey key) {
    this.key = key;
  }

  /// The one that a folder holds; makes it there if there is none.
  ///
  /// @throws IOException if it cannot be read or written, or is damaged
  public static DocumentSigner in(Path folder) throws IOException {
    return new DocumentSigner(SigningKey.in(folder, "scorecard"));
  }

  /// The key by which anybody verifies them, as PEM.
  public String publicPem() {
    return Pem.text(SigningKey.PUBLIC_LABEL, key.publicInfo().toArray());
  }

  /// What people call the key, as they do that of a host's owner: enough to tell keys apart, not
  /// enough to trust one.
  public String keyId() {
    return Sha256.hash(key.publicInfo().toArray()).toString().substring(0, ID_CHARS);
  }

  /// Signs one.
  ///
  /// @param type what it is, a media type
  public SignedDocument sign(String type, Octets payload) {
    return SignedDocument.sign(keyId(), key::sign, type, payload.toArray());
  }
}
