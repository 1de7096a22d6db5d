package redoubt.core.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Reads one message in protobuf's wire format from bytes that somebody else wrote.
///
/// Stricter than protobuf in three points, so that a message has one meaning only: a single field
/// comes at most once, text is valid UTF-8, and groups (a form that proto3 does not have) are
/// refused. Never reads past its bytes, never allocates more than they are long, and takes time
/// linear in their number. Not safe for use by several threads.
final class ProtoReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int DELIMITED = 2;
  private static final int FIXED32 = 5;
  private static final int MAX_VARINT_BYTES = 10;

  private final byte[] bytes;
  private final int limit;
  private int position;
  private int field;
  private int type;

  /// A bit for each single field below 64 that has been read.
  private long seen;

  ProtoReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private ProtoReader(byte[] bytes, int position, int limit) {
    this.bytes = bytes;
    this.position = position;
    this.limit = limit;
  }

  /// Goes on to the next field; its value must be read or skipped before the one after it.
  ///
  /// @return whether there is one
  boolean next() throws WireException {
    if (position == limit) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    type = (int) (tag & 7);
    if (tag >>> 32 != 0 || field == 0) {
      throw problem("no field number");
    }
    return true;
  }

  /// The number of the field that [#next] found.
  int field() {
    return field;
  }

  long uint64() throws WireException {
    once(VARINT);
    return varint();
  }

  /// Reads a `uint32` or an `int32` as the int with the same bits.
  int uint32() throws WireException {
    long value = uint64();
    if (value >>> 32 != 0 && value >> 31 != -1) {
      throw problem("number too large");
    }
    return (int) value;
  }

  boolean flag() throws WireException {
    return uint64() != 0;
  }

  long fixed64() throws WireException {
    once(FIXED64);
    int start = take(Long.BYTES);
    return ByteBuffer.wrap(bytes, start, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  String text() throws WireException {
    once(DELIMITED);
    return utf8();
  }

  /// Reads one element of a repeated string.
  String element() throws WireException {
    require(DELIMITED);
    return utf8();
  }

  byte[] bytes() throws WireException {
    once(DELIMITED);
    int size = size();
    int start = take(size);
    return Arrays.copyOfRange(bytes, start, start + size);
  }

  /// Reads a single nested message.
  ProtoReader message() throws WireException {
    once(DELIMITED);
    return nested();
  }

  /// Reads one element of a repeated message.
  ProtoReader messageElement() throws WireException {
    require(DELIMITED);
    return nested();
  }

  /// Reads a repeated number, packed or one element of it, into `target`.
  ///
  /// @throws WireException if `target` would have more than `most` elements
  void numbers(List<Long> target, int most) throws WireException {
    if (type == VARINT) {
      target.add(varint());
    } else {
      require(DELIMITED);
      ProtoReader packed = nested();
      while (packed.position < packed.limit && target.size() <= most) {
        target.add(packed.varint());
      }
    }
    if (target.size() > most) {
      throw problem("too many numbers");
    }
  }

  /// Skips a field that this version does not know.
  void skip() throws WireException {
    switch (type) {
      case VARINT -> varint();
      case FIXED64 -> take(Long.BYTES);
      case DELIMITED -> take(size());
      case FIXED32 -> take(Integer.BYTES);
      default -> throw problem("unknown wire type");
    }
  }

  private ProtoReader nested() throws WireException {
    int size = size();
    int start = take(size);
    return new ProtoReader(bytes, start, start + size);
  }

  private String utf8() throws WireException {
    int size = size();
    int start = take(size);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, start, size))
          .toString();
    } catch (CharacterCodingException e) {
      throw new WireException("text is no UTF-8: field=" + field, e);
    }
  }

  private void once(int wanted) throws WireException {
    require(wanted);
    long bit = 1L << field;
    if (field < Long.SIZE && (seen & bit) != 0) {
      throw problem("field comes twice");
    }
    seen |= bit;
  }

  private void require(int wanted) throws WireException {
    if (type != wanted) {
      throw problem("wrong wire type");
    }
  }

  private int size() throws WireException {
    long size = varint();
    if (size < 0 || size > limit - position) {
      throw problem("length goes past the end");
    }
    return (int) size;
  }

  private long varint() throws WireException {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      byte next = bytes[take(1)];
      value |= (long) (next & 0x7F) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw problem("number too long");
  }

  private int take(int count) throws WireException {
    if (count > limit - position) {
      throw problem("message ends too early");
    }
    int start = position;
    position += count;
    return start;
  }

  private WireException problem(String what) {
    return new WireException(what + ": field=" + field + " wireType=" + type + " at=" + position);
  }
}
