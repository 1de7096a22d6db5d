package redoubt.agent.journal;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A growing run of bytes that can be cut back: formatted lines on their way to the file.
///
/// Not thread-safe. It keeps its memory when cleared.
final class LineBuffer extends OutputStream {
  private byte[] bytes;
  private int length;

  LineBuffer(int initialBytes) {
    this.bytes = new byte[initialBytes];
  }

  /// How many bytes it holds.
  int length() {
    return length;
  }

  /// Forgets everything from `newLength` on.
  void cutTo(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException("cut out of range: to=" + newLength + " of=" + length);
    }
    length = newLength;
  }

  /// A view of what it holds, valid until the next change.
  ByteBuffer view() {
    return view(0, length);
  }

  /// A view of the bytes from `start` to before `end`, valid until the next change.
  ByteBuffer view(int start, int end) {
    return ByteBuffer.wrap(bytes, start, end - start);
  }

  @Override
  public void write(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  @Override
  public void write(byte[] source, int offset, int count) {
    reserve(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  private void reserve(int count) {
    if (count > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(length, count)));
    }
  }
}
