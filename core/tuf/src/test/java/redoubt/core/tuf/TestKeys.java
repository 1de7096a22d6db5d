package redoubt.core.tuf;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import redoubt.core.tuf.signing.SigningKey;

/// Keys that are the same in every run. They sign nothing but tests.
final class TestKeys {
  private TestKeys() {}

  /// Ed25519 key number `number`.
  static SigningKey ed25519(int number) {
    return make(KeyScheme.ED25519, "Ed25519", number);
  }

  /// A key of any kind.
  static SigningKey of(KeyScheme scheme, int number) {
    return switch (scheme) {
      case ED25519 -> ed25519(number);
      case ECDSA_P256, ECDSA_P384 -> make(scheme, "EC", number);
      case RSA_PSS -> make(scheme, "RSA", number);
    };
  }

  /// A source of bytes that are the same in every run.
  static SecureRandom random(int seed) {
    return new FixedRandom(seed);
  }

  private static SigningKey make(KeyScheme scheme, String algorithm, int number) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      switch (scheme) {
        case ED25519 -> generator.initialize(255, random(number));
        case ECDSA_P256 ->
            generator.initialize(new ECGenParameterSpec("secp256r1"), random(number));
        case ECDSA_P384 ->
            generator.initialize(new ECGenParameterSpec("secp384r1"), random(number));
        case RSA_PSS -> generator.initialize(2048, random(number));
      }
      return SigningKey.of(scheme, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// SHA-256 in counter mode.
  private static final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final int number;
    private int counter;

    FixedRandom(int number) {
      super(null, null);
      this.number = number;
    }

    @Override
    public synchronized void nextBytes(byte[] bytes) {
      for (int from = 0; from < bytes.length; from += 32) {
        byte[] block = block(counter++);
        System.arraycopy(block, 0, bytes, from, Math.min(32, bytes.length - from));
      }
    }

    private byte[] block(int count) {
      try {
        return MessageDigest.getInstance("SHA-256")
            .digest(ByteBuffer.allocate(8).putInt(number).putInt(count).array());
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }
  }
}
