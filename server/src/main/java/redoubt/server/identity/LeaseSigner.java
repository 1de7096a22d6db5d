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
import java.util.Arrays;
import redoubt.core.model.Octets;
import redoubt.core.wire.ActivationLease;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage.LeaseGrant;

/// Signs leases with the fleet's own key, Ed25519. Immutable, thread-safe.
public final class LeaseSigner {
  private static final String ALGORITHM = "Ed25519";
  private static final String KEY_LABEL = "PRIVATE KEY";
  private static final String PUBLIC_LABEL = "PUBLIC KEY";

  private final PrivateKey key;
  private final Octets publicKey;

  private LeaseSigner(PrivateKey key, Octets publicKey) {
    this.key = key;
    this.publicKey = publicKey;
  }

  /// The one that a folder holds; makes it there if there is none.
  ///
  /// @throws IOException if it cannot be read or written, or is damaged
  public static LeaseSigner in(Path folder) throws IOException {
    Path keyFile = folder.resolve("lease.key");
    Path publicFile = folder.resolve("lease.pub");
    try {
      if (Files.notExists(publicFile)) {
        KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        KeyFile.write(keyFile, KEY_LABEL, pair.getPrivate().getEncoded());
        KeyFile.write(publicFile, PUBLIC_LABEL, pair.getPublic().getEncoded());
      }
      PrivateKey key =
          KeyFactory.getInstance(ALGORITHM)
              .generatePrivate(new PKCS8EncodedKeySpec(KeyFile.read(keyFile, KEY_LABEL)));
      return new LeaseSigner(key, raw(KeyFile.read(publicFile, PUBLIC_LABEL)));
    } catch (GeneralSecurityException e) {
      throw new IOException("the key for leases is damaged: folder=" + folder, e);
    }
  }

  /// The raw key by which hosts verify leases.
  public Octets publicKey() {
    return publicKey;
  }

  /// Signs a lease.
  public LeaseGrant grant(ActivationLease lease) {
    byte[] bytes = FleetCodec.encode(lease);
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(ActivationLease.signedBytes(bytes));
      return new LeaseGrant(Octets.of(bytes), Octets.of(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has Ed25519", e);
    }
  }

  /// The last 32 bytes of an Ed25519 SubjectPublicKeyInfo are the key itself (RFC 8410).
  private static Octets raw(byte[] info) throws IOException {
    if (info.length < FleetCodec.KEY_BYTES) {
      throw new IOException("no Ed25519 key: lengthBytes=" + info.length);
    }
    return Octets.of(Arrays.copyOfRange(info, info.length - FleetCodec.KEY_BYTES, info.length));
  }
}
