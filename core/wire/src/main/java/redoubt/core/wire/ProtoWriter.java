package redoubt.core.wire;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// Writes one message through protobuf's own output stream, fields in ascending order and defaults
/// left out: the bytes that `protoc`'s generated code writes for the same message.
///
/// Not safe for use by several threads. Strings that are no valid UTF-16 are written with `?` in
/// place of what is broken.
final class ProtoWriter {
  private static final int BUFFER_BYTES = 512;

  /// A message that is being written, and the field of the message around it that it will become.
  private record Frame(int field, ByteArrayOutputStream bytes, CodedOutputStream out) {
    static Frame of(int field) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(BUFFER_BYTES);
      return new Frame(field, bytes, CodedOutputStream.newInstance(bytes, BUFFER_BYTES));
    }
  }

  private final Deque<Frame> around = new ArrayDeque<>(4);
  private Frame current = Frame.of(0);

  /// Returns what was written, in a new array.
  ///
  /// @throws IllegalArgumentException if it is longer than [WireLimits#MESSAGE_BYTES]
  byte[] toBytes() {
    return toBytes(WireLimits.MESSAGE_BYTES);
  }

  /// Returns what was written, in a new array.
  ///
  /// @throws IllegalArgumentException if it is longer than `mostBytes`
  byte[] toBytes(int mostBytes) {
    if (length() > mostBytes) {
      throw new IllegalArgumentException("message too long: lengthBytes=" + length());
    }
    return content();
  }

  /// How many bytes have been written.
  int length() {
    return current.out().getTotalBytesWritten();
  }

  void unsigned(int field, long value) {
    if (value != 0) {
      write(stream -> stream.writeUInt64(field, value));
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
      write(stream -> stream.writeFixed64(field, value));
    }
  }

  void text(int field, String value) {
    if (!value.isEmpty()) {
      element(field, value);
    }
  }

  /// Writes one element of a repeated string, which unlike a single one is written when empty.
  void element(int field, String value) {
    write(stream -> stream.writeString(field, value));
  }

  void bytes(int field, byte[] value) {
    write(stream -> stream.writeByteArray(field, value));
  }

  /// Begins a nested message or a packed list; what is written up to [#end] belongs to it.
  void begin(int field) {
    around.push(current);
    current = Frame.of(field);
  }

  /// Ends what [#begin] began last.
  void end() {
    int field = current.field();
    byte[] content = content();
    current = around.pop();
    bytes(field, content);
  }

  /// Writes a number without a tag: an element of a packed list.
  void varint(long value) {
    write(stream -> stream.writeUInt64NoTag(value));
  }

  private byte[] content() {
    write(CodedOutputStream::flush);
    return current.bytes().toByteArray();
  }

  private void write(Step step) {
    try {
      step.write(current.out());
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
  }

  /// One call of the stream.
  @FunctionalInterface
  private interface Step {
    void write(CodedOutputStream stream) throws IOException;
  }
}
