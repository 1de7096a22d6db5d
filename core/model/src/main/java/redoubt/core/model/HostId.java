package redoubt.core.model;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// Who a host is in its fleet: 128 bits that its server drew when it enrolled.
///
/// @param high the first eight bytes, big-endian
/// @param low the last eight
public record HostId(long high, long low) {
  /// Its length in bytes.
  public static final int LENGTH_BYTES = 16;

  /// Reads an id of exactly 16 bytes.
  ///
  /// @throws IllegalArgumentException if the length differs
  public static HostId of(byte[] id) {
    if (id.length != LENGTH_BYTES) {
      throw new IllegalArgumentException("the id of a host has 16 bytes: lengthBytes=" + id.length);
    }
    ByteBuffer words = ByteBuffer.wrap(id);
    return new HostId(words.getLong(), words.getLong());
  }

  /// Reads 32 hexadecimal digits of either case.
  ///
  /// @throws IllegalArgumentException if the text is anything else
  public static HostId parse(String hex) {
    if (hex.length() != 2 * LENGTH_BYTES) {
      throw new IllegalArgumentException("the id of a host has 32 hexadecimal digits: text=" + hex);
    }
    return of(HexFormat.of().parseHex(hex));
  }

  /// Returns the 16 bytes in a new array.
  public byte[] bytes() {
    return ByteBuffer.allocate(LENGTH_BYTES).putLong(high).putLong(low).array();
  }

  /// Returns the 32 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes());
  }
}
