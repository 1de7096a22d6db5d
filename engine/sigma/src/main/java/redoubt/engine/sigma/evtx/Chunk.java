package redoubt.engine.sigma.evtx;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import redoubt.engine.sigma.event.EventFormatException;

/// The 64 KiB of a log in which all offsets of its records lie. Reading outside is a fault of the
/// file.
final class Chunk {
  static final int SIZE = 1 << 16;

  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private final byte[] bytes = new byte[SIZE];

  private static VarHandle view(Class<?> type) {
    return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.LITTLE_ENDIAN);
  }

  /// Its memory, to be filled and read.
  byte[] bytes() {
    return bytes;
  }

  int u8(int at) throws EventFormatException {
    require(at, 1);
    return bytes[at] & 0xFF;
  }

  int u16(int at) throws EventFormatException {
    require(at, 2);
    return (short) SHORT.get(bytes, at) & 0xFFFF;
  }

  int i32(int at) throws EventFormatException {
    require(at, 4);
    return (int) INT.get(bytes, at);
  }

  long i64(int at) throws EventFormatException {
    require(at, 8);
    return (long) LONG.get(bytes, at);
  }

  /// An offset or length, which must not be larger than a chunk.
  int size(int at) throws EventFormatException {
    int size = i32(at);
    if (size < 0 || size > SIZE) {
      throw new EventFormatException(
          "offset or length beyond the chunk: value=" + size + " at=" + at);
    }
    return size;
  }

  /// Makes sure that so many bytes are there.
  void require(int at, int length) throws EventFormatException {
    if (at < 0 || length < 0 || at > SIZE - length) {
      throw new EventFormatException("data runs out of its chunk: at=" + at + " length=" + length);
    }
  }
}
