package redoubt.engine.kit;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.Errno;
import redoubt.core.linux.StreamSocket;

/// The bytes behind a descriptor that the platform passed: read by position, never by name.
///
/// The descriptor's own offset is shared with other engines and is neither used nor moved. Safe for
/// use by several threads, one of which reads at a time.
public final class FileContent implements PositionedBytes {
  private final int descriptor;
  private final long sizeBytes;
  private final MemorySegment scratch;
  private final @Nullable Arena owned;
  private boolean closed;

  /// @param descriptor closed by [#close]
  /// @param scratch native memory that nobody else uses before [#close]; its size bounds one read
  FileContent(int descriptor, long sizeBytes, MemorySegment scratch) {
    this(descriptor, sizeBytes, scratch, null);
  }

  private FileContent(
      int descriptor, long sizeBytes, MemorySegment scratch, @Nullable Arena owned) {
    this.descriptor = descriptor;
    this.sizeBytes = sizeBytes;
    this.scratch = scratch;
    this.owned = owned;
  }

  /// Bytes with native memory of their own, for a life that no arena around has.
  ///
  /// @param readBytes bounds one read
  @SuppressWarnings("MustBeClosedChecker") // [#close] closes it
  static FileContent withMemory(int descriptor, long sizeBytes, int readBytes) {
    Arena arena = Arena.ofShared();
    return new FileContent(descriptor, sizeBytes, arena.allocate(readBytes), arena);
  }

  /// The size when the platform looked; a file that is not held still may have another by now.
  public long sizeBytes() {
    return sizeBytes;
  }

  /// Reads up to `length` bytes that stand at `position` in the file. Blocks for as long as the
  /// file system does.
  ///
  /// @return how many bytes were read, possibly fewer than there are; -1 at or past the end
  /// @throws IOException if the file cannot be read
  /// @throws IllegalStateException if the event was answered already
  @Override
  public synchronized int read(byte[] into, int start, int length, long position)
      throws IOException {
    Objects.checkFromIndexSize(start, length, into.length);
    if (closed) {
      throw new IllegalStateException("the file is no longer lent to the engine");
    }
    int wanted = (int) Math.min(length, scratch.byteSize());
    int count = Descriptors.pread(descriptor, scratch.asSlice(0, wanted), position);
    if (count < 0) {
      throw new IOException(
          "file cannot be read: errno=" + Errno.name(count) + " position=" + position);
    }
    MemorySegment.copy(scratch, ValueLayout.JAVA_BYTE, 0, into, start, count);
    return count == 0 && length > 0 ? -1 : count;
  }

  /// Reads bytes that stand at `position` in the file into native memory, as many as it has room
  /// for. Blocks for as long as the file system does.
  ///
  /// @return how many bytes were read; fewer only if the file ends there
  /// @throws IOException if the file cannot be read
  /// @throws IllegalStateException if the event was answered already
  public synchronized long read(MemorySegment into, long position) throws IOException {
    if (closed) {
      throw new IllegalStateException("the file is no longer lent to the engine");
    }
    long done = 0;
    while (done < into.byteSize()) {
      int count = Descriptors.pread(descriptor, into.asSlice(done), position + done);
      if (count < 0) {
        throw new IOException(
            "file cannot be read: errno=" + Errno.name(count) + " position=" + (position + done));
      }
      if (count == 0) {
        return done;
      }
      done += count;
    }
    return done;
  }

  /// Reads exactly `length` bytes that stand at `position`.
  ///
  /// @throws EOFException if the file ends before
  /// @throws IOException if the file cannot be read
  public byte[] readExactly(int length, long position) throws IOException {
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length) {
      int count = read(bytes, done, length - done, position + done);
      if (count < 0) {
        throw new EOFException("file ended: position=" + (position + done));
      }
      done += count;
    }
    return bytes;
  }

  /// Gives the file itself to a peer.
  ///
  /// @return as [StreamSocket#send(byte[], int)]
  synchronized int passTo(StreamSocket peer, byte[] message) {
    if (closed) {
      throw new IllegalStateException("the file is no longer lent to the engine");
    }
    return peer.send(message, descriptor);
  }

  /// Closes the descriptor and frees what is owned; reads fail from now on.
  synchronized void close() {
    if (!closed) {
      closed = true;
      Descriptors.close(descriptor);
      if (owned != null) {
        owned.close();
      }
    }
  }
}
