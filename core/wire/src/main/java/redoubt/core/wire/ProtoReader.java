package redoubt.core.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Reads one message from bytes that somebody else wrote, through protobuf's own input stream.
///
/// Stricter than protobuf in three points, so that a message has one meaning only: a single field
/// comes at most once, text is valid UTF-8, and groups (a form that proto3 does not have) are
/// refused. Never reads past its bytes, never allocates more than they are long, and takes time
/// linear in their number. Not safe for use by several threads.
final class ProtoReader {
  private final CodedInputStream in;
  private int tag;

  /// A bit for each single field below 64 that has been read.
  private long seen;

  ProtoReader(byte[] bytes) {
    this(CodedInputStream.newInstance(bytes));
  }

  private ProtoReader(CodedInputStream in) {
    this.in = in;
  }

  /// Goes on to the next field; its value must be read or skipped before the one after it.
  ///
  /// @return whether there is one
  boolean next() throws WireException {
    tag = read(CodedInputStream::readTag);
    return tag != 0;
  }

  /// The number of the field that [#next] found.
  int field() {
    return WireFormat.getTagFieldNumber(tag);
  }

  long uint64() throws WireException {
    once(WireFormat.WIRETYPE_VARINT);
    return read(CodedInputStream::readUInt64);
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
    once(WireFormat.WIRETYPE_FIXED64);
    return read(CodedInputStream::readFixed64);
  }

  String text() throws WireException {
    once(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    return utf8();
  }

  /// Reads one element of a repeated string.
  String element() throws WireException {
    require(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    return utf8();
  }

  byte[] bytes() throws WireException {
    once(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    return read(CodedInputStream::readByteArray);
  }

  /// Reads one element of repeated bytes.
  byte[] bytesElement() throws WireException {
    require(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    return read(CodedInputStream::readByteArray);
  }

  /// Reads a single nested message.
  ProtoReader message() throws WireException {
    once(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    return nested();
  }

  /// Reads one element of a repeated message.
  ProtoReader messageElement() throws WireException {
    require(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    return nested();
  }

  /// Reads a repeated number, packed or one element of it, into `target`.
  ///
  /// @throws WireException if `target` would have more than `most` elements
  void numbers(List<Long> target, int most) throws WireException {
    if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
      target.add(read(CodedInputStream::readUInt64));
    } else {
      require(WireFormat.WIRETYPE_LENGTH_DELIMITED);
      CodedInputStream packed = nested().in;
      while (!atEnd(packed) && target.size() <= most) {
        target.add(read(packed, CodedInputStream::readUInt64));
      }
    }
    if (target.size() > most) {
      throw problem("too many numbers");
    }
  }

  /// Skips a field that this version does not know.
  void skip() throws WireException {
    int type = WireFormat.getTagWireType(tag);
    if (type == WireFormat.WIRETYPE_START_GROUP || type == WireFormat.WIRETYPE_END_GROUP) {
      throw problem("unknown wire type");
    }
    int skipped = tag;
    read(stream -> stream.skipField(skipped));
  }

  private ProtoReader nested() throws WireException {
    return new ProtoReader(CodedInputStream.newInstance(read(CodedInputStream::readByteBuffer)));
  }

  /// Decoded here, because the stream's own strict reading does not say which field is wrong.
  private String utf8() throws WireException {
    ByteBuffer text = read(CodedInputStream::readByteBuffer);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new WireException("text is no UTF-8: field=" + field(), e);
    }
  }

  private void once(int wanted) throws WireException {
    require(wanted);
    long bit = 1L << field();
    if (field() < Long.SIZE && (seen & bit) != 0) {
      throw problem("field comes twice");
    }
    seen |= bit;
  }

  private void require(int wanted) throws WireException {
    if (WireFormat.getTagWireType(tag) != wanted) {
      throw problem("wrong wire type");
    }
  }

  private boolean atEnd(CodedInputStream stream) throws WireException {
    return read(stream, CodedInputStream::isAtEnd);
  }

  private <T> T read(Step<T> step) throws WireException {
    return read(in, step);
  }

  private <T> T read(CodedInputStream stream, Step<T> step) throws WireException {
    try {
      return step.read(stream);
    } catch (InvalidProtocolBufferException e) {
      throw new WireException("malformed: field=" + field(), e);
    } catch (IOException e) {
      throw new IllegalStateException("reading memory cannot fail", e);
    }
  }

  private WireException problem(String what) {
    return new WireException(
        what + ": field=" + field() + " wireType=" + WireFormat.getTagWireType(tag));
  }

  /// One call of the stream.
  @FunctionalInterface
  private interface Step<T> {
    T read(CodedInputStream stream) throws IOException;
  }
}
