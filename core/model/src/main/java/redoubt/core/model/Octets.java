package redoubt.core.model;

import java.util.Arrays;
import java.util.HexFormat;

/// Bytes that do not change. Compares by content; thread-safe.
public final class Octets {
  private final byte[] bytes;

  private Octets(byte[] bytes) {
    this.bytes = bytes;
  }

  /// A copy of some bytes.
  public static Octets of(byte[] bytes) {
    return new Octets(bytes.clone());
  }

  /// How many there are.
  public int length() {
    return bytes.length;
  }

  /// A copy in a new array.
  public byte[] toArray() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets octets && Arrays.equals(bytes, octets.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// Lower-case hexadecimal digits.
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
