package redoubt.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;

/// Copies the content of one open file into another that is empty. A block of nothing but zeros
/// takes no room in the copy, so that it needs no more than the original. Stateless.
public final class FileCopy {
  private static final int PART_BYTES = 256 * 1024;

  /// What a file system keeps a hole for at the least; most use blocks of this size.
  private static final int BLOCK_BYTES = 4 * 1024;

  private static final MemorySegment ZEROS = Arena.global().allocate(BLOCK_BYTES);

  private FileCopy() {}

  /// Takes what becomes of each part that was read.
  @FunctionalInterface
  private interface Sink {
    void take(MemorySegment part, long offset);
  }

  /// Copies, as far as the source goes, and takes the digest.
  ///
  /// @param from open for reading
  /// @param to open for writing, empty
  /// @param mostBytes the most bytes that are read, holes included
  /// @param mostWritten the most bytes that are written
  /// @param digest of what was copied
  /// @return how many bytes the copy is long
  /// @throws LinuxException EFBIG if there are more to read, EDQUOT if there are more to write;
  ///   ENOSPC and EIO as reading and writing fail
  public static long copy(
      int from, int to, long mostBytes, long mostWritten, MessageDigest digest) {
    BlockWriter writer = new BlockWriter(to, mostWritten);
    long bytes = read(from, mostBytes, digest, writer);
    SystemCall.FTRUNCATE.require(SystemCall.FTRUNCATE.call(to, bytes), "bytes=" + bytes);
    return bytes;
  }

  /// Takes the digest alone.
  ///
  /// @return how many bytes it is of
  /// @throws LinuxException EFBIG if there are more than `mostBytes`; EIO as reading fails
  public static long read(int from, long mostBytes, MessageDigest digest) {
    return read(from, mostBytes, digest, (_, _) -> {});
  }

  private static long read(int from, long mostBytes, MessageDigest digest, Sink sink) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment part = arena.allocate(PART_BYTES);
      long at = 0;
      int read = -1;
      while (read != 0) {
        read = SystemCall.PREAD64.require(Descriptors.pread(from, part, at), "offset=" + at);
        if (at + read > mostBytes) {
          throw new LinuxException("pread64", Errno.EFBIG, "most=" + mostBytes);
        }
        if (read > 0) {
          MemorySegment filled = part.asSlice(0, read);
          digest.update(filled.asByteBuffer());
          sink.take(filled, at);
          at += read;
        }
      }
      return at;
    }
  }

  /// Writes the blocks that are not zero, neighbours together.
  private static final class BlockWriter implements Sink {
    private final int to;
    private long left;

    BlockWriter(int to, long mostWritten) {
      this.to = to;
      this.left = mostWritten;
    }

    @Override
    public void take(MemorySegment part, long offset) {
      long begin = 0;
      for (long at = 0; at < part.byteSize(); at += BLOCK_BYTES) {
        if (isZero(part, at)) {
          write(part.asSlice(begin, at - begin), offset + begin);
          begin = Math.min(at + BLOCK_BYTES, part.byteSize());
        }
      }
      write(part.asSlice(begin), offset + begin);
    }

    private static boolean isZero(MemorySegment part, long at) {
      long end = Math.min(at + BLOCK_BYTES, part.byteSize());
      return MemorySegment.mismatch(part, at, end, ZEROS, 0, end - at) == -1;
    }

    private void write(MemorySegment blocks, long offset) {
      left -= blocks.byteSize();
      if (left < 0) {
        throw new LinuxException("pwrite64", Errno.EDQUOT, "offset=" + offset);
      }
      long done = 0;
      while (done < blocks.byteSize()) {
        int written =
            SystemCall.PWRITE64.call(
                to, blocks.address() + done, blocks.byteSize() - done, offset + done);
        if (written != -Errno.EINTR) {
          done += SystemCall.PWRITE64.require(written, "offset=" + (offset + done));
        }
      }
    }
  }
}
