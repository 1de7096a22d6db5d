package redoubt.engine.scanner.archive;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/// A content in memory as a file that can only be read. Not thread-safe.
final class SegmentChannel implements SeekableByteChannel {
  private final MemorySegment bytes;
  private long position;
  private boolean open = true;

  SegmentChannel(MemorySegment bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read(ByteBuffer into) {
    long left = bytes.byteSize() - position;
    if (left <= 0) {
      return -1;
    }
    int count = (int) Math.min(into.remaining(), left);
    into.put(bytes.asSlice(position, count).asByteBuffer());
    position += count;
    return count;
  }

  @Override
  public int write(ByteBuffer from) {
    throw new NonWritableChannelException();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long to) {
    if (to < 0) {
      throw new IllegalArgumentException("before the beginning: position=" + to);
    }
    position = to;
    return this;
  }

  @Override
  public long size() {
    return bytes.byteSize();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
