package redoubt.core.tuf.signing;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import redoubt.core.tuf.KeyScheme;
import redoubt.core.tuf.VerifyingKey;

/// A private key with the public key that goes with it.
///
/// @param key the private key
/// @param verifying the public key
public record SigningKey(PrivateKey key, VerifyingKey verifying) {
  /// Wraps a pair.
  public static SigningKey of(KeyScheme scheme, KeyPair pair) {
    return new SigningKey(pair.getPrivate(), VerifyingKey.of(scheme, pair.getPublic()));
  }

  /// The key id that metadata gives it.
  public String keyId() {
    return verifying.keyId();
  }

  /// Signs, and checks the signature before it leaves.
  ///
  /// @throws SigningException if the two keys do not belong together
  public byte[] sign(byte[] payload) throws SigningException {
    try {
      byte[] signature = verifying.scheme().sign(key, payload, new SecureRandom());
      if (verifying.verifies(payload, signature)) {
        return signature;
      }
    } catch (GeneralSecurityException e) {
      throw new SigningException("cannot sign: keyid=" + keyId(), e);
    }
    throw new SigningException("the private key is not that of: keyid=" + keyId());
  }

  @Override
  public String toString() {
    return "SigningKey[keyid=" + keyId() + "]";
  }
}
