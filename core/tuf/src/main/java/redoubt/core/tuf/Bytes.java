package redoubt.core.tuf;

import java.util.Arrays;

/// Bytes that do not change, equal if they are the same.
public final class Bytes {
  private final byte[] bytes;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Copies some bytes.
  public static Bytes of(byte[] bytes) {
    return new Bytes(bytes.clone());
  }

  /// Returns a copy.
  public byte[] toArray() {
    return bytes.clone();
  }

  /// How many there are.
  public int length() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "Bytes[length=" + bytes.length + "]";
  }
}
