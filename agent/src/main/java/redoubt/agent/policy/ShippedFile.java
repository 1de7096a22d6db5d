package redoubt.agent.policy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import redoubt.core.model.Sha256;

/// What a package database says of a file that a package brought.
///
/// @param packageName the package
/// @param algorithm how `high` and `low` were computed
/// @param high the first eight bytes of the digest, big-endian
/// @param low the next eight bytes; of a longer digest the rest is not kept, for 128 bits are
///   enough against whoever has to find another content for a digest that somebody else chose
public record ShippedFile(String packageName, Algorithm algorithm, long high, long low) {
  /// How a package database digests files.
  public enum Algorithm {
    /// It has no digest of this file.
    NONE(0, 0),
    /// As dpkg does.
    MD5(1, 32),
    /// As rpm does.
    SHA_256(2, 64);

    /// How many bits a [#number] has.
    static final int BITS = 2;

    private final int number;
    private final int digits;

    Algorithm(int number, int digits) {
      this.number = number;
      this.digits = digits;
    }

    /// Stands for it in a [ShippedIndex].
    int number() {
      return number;
    }

    static Algorithm ofNumber(int number) {
      return switch (number) {
        case 1 -> MD5;
        case 2 -> SHA_256;
        default -> NONE;
      };
    }

    /// The one whose digests have so many hexadecimal digits.
    private static Algorithm ofDigits(int digits) {
      return digits == MD5.digits ? MD5 : digits == SHA_256.digits ? SHA_256 : NONE;
    }
  }

  private static final int DIGITS_OF_LONG = 16;

  static ShippedFile unverified(String packageName) {
    return new ShippedFile(packageName, Algorithm.NONE, 0, 0);
  }

  /// Takes a digest in hexadecimal digits; one that is of no known length counts as none.
  static ShippedFile of(String packageName, String digits) {
    Algorithm algorithm = Algorithm.ofDigits(digits.length());
    if (algorithm == Algorithm.NONE || !digits.chars().allMatch(HexFormat::isHexDigit)) {
      return unverified(packageName);
    }
    return new ShippedFile(
        packageName,
        algorithm,
        HexFormat.fromHexDigitsToLong(digits, 0, DIGITS_OF_LONG),
        HexFormat.fromHexDigitsToLong(digits, DIGITS_OF_LONG, 2 * DIGITS_OF_LONG));
  }

  /// The word of eight bytes with that number, big-endian.
  static long word(byte[] digest, int number) {
    return ByteBuffer.wrap(digest).getLong(number * Long.BYTES);
  }

  /// Whether this is the digest of that content.
  boolean matches(Sha256 sha256) {
    return algorithm == Algorithm.SHA_256 && high == sha256.a() && low == sha256.b();
  }

  /// Whether these are the 16 bytes of the MD5 digest that the package database has.
  boolean matchesMd5(long first, long second) {
    return algorithm == Algorithm.MD5 && high == first && low == second;
  }
}
