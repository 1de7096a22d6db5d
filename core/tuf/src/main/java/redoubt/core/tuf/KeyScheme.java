package redoubt.core.tuf;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A way of signing that we know, with JDK cryptography alone.
public enum KeyScheme {
  /// Ed25519 (RFC 8032).
  ED25519("ed25519", "ed25519", "Ed25519"),
  /// ECDSA over P-256 with SHA-256 (FIPS 186), signatures in DER.
  ECDSA_P256("ecdsa", "ecdsa-sha2-nistp256", "SHA256withECDSA"),
  /// ECDSA over P-384 with SHA-384 (FIPS 186), signatures in DER.
  ECDSA_P384("ecdsa", "ecdsa-sha2-nistp384", "SHA384withECDSA"),
  /// RSASSA-PSS with SHA-256 (RFC 8017).
  RSA_PSS("rsa", "rsassa-pss-sha256", "RSASSA-PSS");

  private static final int DIGEST_BYTES = 32;

  private final String keyType;
  private final String text;
  private final String javaName;

  KeyScheme(String keyType, String text, String javaName) {
    this.keyType = keyType;
    this.text = text;
    this.javaName = javaName;
  }

  /// Finds the scheme of a key's form. Older repositories write an ECDSA key's scheme as its type
  /// too.
  static Optional<KeyScheme> find(String keyType, String scheme) {
    return Stream.of(values())
        .filter(each -> each.text.equals(scheme))
        .filter(each -> keyType.equals(each.keyType) || keyType.equals(each.text))
        .findFirst();
  }

  /// What metadata calls the type of such a key.
  public String keyType() {
    return keyType;
  }

  /// What metadata calls it.
  public String text() {
    return text;
  }

  /// Whether the signature is that key's over those bytes. Anything that is no signature is none.
  boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    return saltLengths(key).stream().anyMatch(salt -> verifies(key, salt, message, signature));
  }

  /// Signs.
  ///
  /// @throws GeneralSecurityException if the key is not of this kind
  public byte[] sign(PrivateKey key, byte[] message, SecureRandom random)
      throws GeneralSecurityException {
    Signature signer = signature(DIGEST_BYTES);
    signer.initSign(key, random);
    signer.update(message);
    return signer.sign();
  }

  // RFC 8017 leaves the salt's length open. The digest's length is usual; Go's default is the most
  // that fits.
  private List<Integer> saltLengths(PublicKey key) {
    if (this == RSA_PSS && key instanceof RSAPublicKey rsa) {
      int encodedBytes = (rsa.getModulus().bitLength() - 1 + 7) / 8;
      return List.of(DIGEST_BYTES, encodedBytes - DIGEST_BYTES - 2);
    }
    return List.of(DIGEST_BYTES);
  }

  private boolean verifies(PublicKey key, int saltBytes, byte[] message, byte[] signature) {
    try {
      Signature verifier = signature(saltBytes);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException _) {
      // no signature of this kind
      return false;
    }
  }

  private Signature signature(int saltBytes) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(javaName);
    if (this == RSA_PSS) {
      signature.setParameter(
          new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, saltBytes, 1));
    }
    return signature;
  }
}
