package redoubt.server.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import redoubt.core.model.Octets;

/// A key of the server's that signs, Ed25519, in two files of its folder. Immutable, thread-safe.
///
/// @param publicInfo its public half, as a SubjectPublicKeyInfo (RFC 8410)
record SigningKey(PrivateKey key, Octets publicInfo) {
  static final String PUBLIC_LABEL = "PUBLIC KEY";

  private static final String ALGORITHM = "Ed25519";
  private static final String KEY_LABEL = "PRIVATE KEY";

  /// The one that a folder holds; makes it there if there is none. A private half that is there is
  /// never replaced: others hold its public half.
  ///
  /// @param name what its two files are called, without `.key` and `.pub`
  /// @throws IOException if it cannot be read or written, or is damaged
  static SigningKey in(Path folder, String name) throws IOException {
    Path keyFile = folder.resolve(name + ".key");
    Path publicFile = folder.resolve(name + ".pub");
    try {
      if (Files.notExists(keyFile)) {
        KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        // Whoever is killed in between makes both anew.
        KeyFile.write(publicFile, PUBLIC_LABEL, pair.getPublic().getEncoded());
        KeyFile.write(keyFile, KEY_LABEL, pair.getPrivate().getEncoded());
      }
      if (Files.notExists(publicFile)) {
        throw new IOException(
            "the public half of a key is missing: put it back from a copy of the folder: file="
                + publicFile);
      }
      PrivateKey key =
          KeyFactory.getInstance(ALGORITHM)
              .generatePrivate(new PKCS8EncodedKeySpec(KeyFile.read(keyFile, KEY_LABEL)));
      return new SigningKey(key, Octets.of(KeyFile.read(publicFile, PUBLIC_LABEL)));
    } catch (GeneralSecurityException e) {
      throw new IOException("the key is damaged: file=" + keyFile, e);
    }
  }

  /// Signs exactly these bytes.
  byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has Ed25519", e);
    }
  }
}
