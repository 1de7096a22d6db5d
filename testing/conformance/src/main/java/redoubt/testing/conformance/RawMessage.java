package redoubt.testing.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// A message written field by field, so that it may be wrong in any of them.
final class RawMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int SEQUENCE = 1;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// An envelope that has its number and no body yet.
  static RawMessage numbered(long sequence) {
    return new RawMessage().varint(SEQUENCE, sequence);
  }

  RawMessage varint(int field, long value) {
    tag(field, VARINT);
    number(value);
    return this;
  }

  RawMessage fixed64(int field, long value) {
    tag(field, FIXED64);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      out.write((int) (value >>> shift));
    }
    return this;
  }

  RawMessage bytes(int field, byte[] value) {
    tag(field, LENGTH_DELIMITED);
    number(value.length);
    out.writeBytes(value);
    return this;
  }

  RawMessage text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  RawMessage message(int field, RawMessage nested) {
    return bytes(field, nested.toBytes());
  }

  /// Bytes as they are.
  RawMessage raw(int... values) {
    for (int value : values) {
      out.write(value);
    }
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private void tag(int field, int type) {
    number(((long) field << 3) | type);
  }

  private void number(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
