package redoubt.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes one message in protobuf's wire format, fields in ascending order and defaults left out:
/// the bytes that `protoc`'s own code writes for the same message.
///
/// Not safe for use by several threads. Strings that are no valid UTF-16 are written with `?` in
/// place of what is broken.
final class ProtoWriter {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int DELIMITED = 2;

  private byte[] bytes = new byte[512];
  private int length;

  /// Returns what was written, in a new array.
  ///
  /// @throws IllegalArgumentException if it is longer than [WireLimits#MESSAGE_BYTES]
  byte[] toBytes() {
    if (length > WireLimits.MESSAGE_BYTES) {
      throw new IllegalArgumentException("message too long: lengthBytes=" + length);
    }
    return Arrays.copyOf(bytes, length);
  }

  /// How many bytes have been written.
  int length() {
    return length;
  }

  void unsigned(int field, long value) {
    if (value != 0) {
      tag(field, VARINT);
      varint(value);
    }
  }

  /// Writes a `uint32`: the int's bits, so -1 stands for 4294967295.
  void uint32(int field, int value) {
    unsigned(field, Integer.toUnsignedLong(value));
  }

  void flag(int field, boolean value) {
    unsigned(field, value ? 1 : 0);
  }

  void fixed64(int field, long value) {
    if (value != 0) {
      tag(field, FIXED64);
      reserve(Long.BYTES);
      for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
        bytes[length++] = (byte) (value >>> shift);
      }
    }
  }

  void text(int field, String value) {
    if (!value.isEmpty()) {
      bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }
  }

  /// Writes one element of a repeated string, which unlike a single one is written when empty.
  void element(int field, String value) {
    bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  void bytes(int field, byte[] value) {
    tag(field, DELIMITED);
    varint(value.length);
    reserve(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
  }

  /// Begins a nested message or a packed list; what is written up to [#end] belongs to it.
  ///
  /// @return what [#end] needs to know
  int begin(int field) {
    tag(field, DELIMITED);
    reserve(1);
    return ++length;
  }

  /// Ends what [#begin] began: puts its length before it.
  void end(int start) {
    int size = length - start;
    int extra = varintLength(size) - 1;
    if (extra > 0) {
      reserve(extra);
      System.arraycopy(bytes, start, bytes, start + extra, size);
    }
    length = start - 1;
    varint(size);
    length += size;
  }

  /// Writes a number without a tag: an element of a packed list.
  void varint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  private void tag(int field, int type) {
    varint((long) field << 3 | type);
  }

  private static int varintLength(int value) {
    return (Integer.SIZE - Integer.numberOfLeadingZeros(value | 1) + 6) / 7;
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
