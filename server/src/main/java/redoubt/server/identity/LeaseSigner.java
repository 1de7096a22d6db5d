package redoubt.server.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import redoubt.core.model.Octets;
import redoubt.core.wire.ActivationLease;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage.LeaseGrant;

/// Signs leases with the fleet's own key, Ed25519. Immutable, thread-safe.
public final class LeaseSigner {
  private final SigningKey key;
  private final Octets publicKey;

  private LeaseSigner(SigningKey key, Octets publicKey) {
    this.key = key;
    this.publicKey = publicKey;
  }

  /// The one that a folder holds; makes it there if there is none.
  ///
  /// @throws IOException if it cannot be read or written, or is damaged
  public static LeaseSigner in(Path folder) throws IOException {
    SigningKey key = SigningKey.in(folder, "lease");
    return new LeaseSigner(key, raw(key.publicInfo().toArray()));
  }

  /// The raw key by which hosts verify leases.
  public Octets publicKey() {
    return publicKey;
  }

  /// Signs a lease.
  public LeaseGrant grant(ActivationLease lease) {
    byte[] bytes = FleetCodec.encode(lease);
    byte[] signature = key.sign(ActivationLease.signedBytes(bytes));
    return new LeaseGrant(Octets.of(bytes), Octets.of(signature));
  }

  /// The last 32 bytes of an Ed25519 SubjectPublicKeyInfo are the key itself (RFC 8410).
  private static Octets raw(byte[] info) throws IOException {
    if (info.length < FleetCodec.KEY_BYTES) {
      throw new IOException("no Ed25519 key: lengthBytes=" + info.length);
    }
    return Octets.of(Arrays.copyOfRange(info, info.length - FleetCodec.KEY_BYTES, info.length));
  }
}
