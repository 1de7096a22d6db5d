package redoubt.agent.seal;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import redoubt.core.wire.WireLimits;

/// What is kept of a passphrase: enough to recognise it, nothing to read it from
/// (PBKDF2-HMAC-SHA256, RFC 8018; the count of rounds as OWASP advises). Immutable.
public final class Passphrase {
  /// The shortest that is taken (NIST SP 800-63B).
  static final int LEAST_CHARS = 8;

  static final int MOST_CHARS = WireLimits.PASSPHRASE_CHARS;

  private static final String ALGORITHM = "PBKDF2WithHmacSHA256";
  private static final int ROUNDS = 600_000;
  private static final int MOST_ROUNDS = 10_000_000;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  private final int rounds;
  private final byte[] salt;
  private final byte[] hash;

  /// @throws IllegalArgumentException if a value is out of range
  Passphrase(int rounds, byte[] salt, byte[] hash) {
    if (rounds < 1 || rounds > MOST_ROUNDS) {
      throw new IllegalArgumentException("rounds out of range: rounds=" + rounds);
    }
    if (salt.length != SALT_BYTES || hash.length != HASH_BYTES) {
      throw new IllegalArgumentException(
          "salt and hash have " + SALT_BYTES + " and " + HASH_BYTES + " bytes");
    }
    this.rounds = rounds;
    this.salt = salt.clone();
    this.hash = hash.clone();
  }

  /// Takes what a person chose. Takes some tenths of a second.
  ///
  /// @throws IllegalArgumentException if it is too short or too long
  static Passphrase of(String words) {
    if (words.length() < LEAST_CHARS || words.length() > MOST_CHARS) {
      throw new IllegalArgumentException(
          "a passphrase has " + LEAST_CHARS + " to " + MOST_CHARS + " characters");
    }
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    return new Passphrase(ROUNDS, salt, derive(words, salt, ROUNDS));
  }

  /// Whether these are the words. Takes some tenths of a second, whatever the answer.
  boolean matches(String words) {
    return words.length() <= MOST_CHARS && MessageDigest.isEqual(hash, derive(words, salt, rounds));
  }

  int rounds() {
    return rounds;
  }

  byte[] salt() {
    return salt.clone();
  }

  byte[] hash() {
    return hash.clone();
  }

  private static byte[] derive(String words, byte[] salt, int rounds) {
    // Empty words are no key for the algorithm; they never match.
    char[] key = words.isEmpty() ? new char[1] : words.toCharArray();
    PBEKeySpec spec = new PBEKeySpec(key, salt, rounds, HASH_BYTES * Byte.SIZE);
    try {
      return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime lacks " + ALGORITHM, e);
    } finally {
      spec.clearPassword();
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Passphrase that
        && rounds == that.rounds
        && Arrays.equals(salt, that.salt)
        && Arrays.equals(hash, that.hash);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hash);
  }
}
