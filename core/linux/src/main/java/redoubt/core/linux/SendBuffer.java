package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Where one message to be sent is put together. Not thread-safe; its size is fixed.
final class SendBuffer implements AutoCloseable {
  private final Arena arena;
  private final MessageHeader header;
  private final MemorySegment bytes;

  /// One that threads use in turn.
  @SuppressWarnings("MustBeClosedChecker") // [#close] closes it
  SendBuffer(int maxBytes) {
    this(Arena.ofShared(), maxBytes, ReceiveBuffer.MAX_DESCRIPTORS);
  }

  /// @param arena closed with this
  SendBuffer(Arena arena, int maxBytes, int maxDescriptors) {
    this.arena = arena;
    header = new MessageHeader(arena, maxDescriptors);
    bytes = arena.allocate(maxBytes);
  }

  int maxBytes() {
    return (int) bytes.byteSize();
  }

  /// Copies the message in.
  ///
  /// @return the header, ready to be sent
  MessageHeader fill(byte[] data, int length, int[] descriptors, int descriptorCount) {
    MemorySegment.copy(data, 0, bytes, JAVA_BYTE, 0, length);
    if (descriptorCount > 0) {
      header.attach(descriptors, descriptorCount);
    }
    header.point(bytes.address(), length, MessageHeader.controlBytes(descriptorCount));
    return header;
  }

  @Override
  public void close() {
    arena.close();
  }
}
