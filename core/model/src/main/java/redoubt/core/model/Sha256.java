package redoubt.core.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A SHA-256 digest (FIPS 180-4) as four big-endian words: comparable and hashable without arrays.
///
/// @param a bytes 0 to 7
/// @param b bytes 8 to 15
/// @param c bytes 16 to 23
/// @param d bytes 24 to 31
public record Sha256(long a, long b, long c, long d) {
  /// The digest's length in bytes.
  public static final int LENGTH_BYTES = 32;

  /// Reads a digest of exactly 32 bytes.
  ///
  /// @throws IllegalArgumentException if the length differs
  public static Sha256 of(byte[] digest) {
    if (digest.length != LENGTH_BYTES) {
      throw new IllegalArgumentException("a SHA-256 has 32 bytes: lengthBytes=" + digest.length);
    }
    ByteBuffer words = ByteBuffer.wrap(digest);
    return new Sha256(words.getLong(), words.getLong(), words.getLong(), words.getLong());
  }

  /// The digest of some bytes.
  public static Sha256 hash(byte[] bytes) {
    return of(digester().digest(bytes));
  }

  /// The digest of a text in UTF-8.
  public static Sha256 ofText(String text) {
    return hash(text.getBytes(StandardCharsets.UTF_8));
  }

  /// A new digest for what comes piece by piece; [#of] takes its result.
  public static MessageDigest digester() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /// Reads 64 hexadecimal digits of either case.
  ///
  /// @throws IllegalArgumentException if the text is anything else
  public static Sha256 parse(String hex) {
    if (hex.length() != 2 * LENGTH_BYTES) {
      throw new IllegalArgumentException("a SHA-256 has 64 hexadecimal digits: text=" + hex);
    }
    return of(HexFormat.of().parseHex(hex));
  }

  /// Returns the 32 bytes in a new array.
  public byte[] bytes() {
    return ByteBuffer.allocate(LENGTH_BYTES).putLong(a).putLong(b).putLong(c).putLong(d).array();
  }

  /// Returns the 64 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes());
  }
}
