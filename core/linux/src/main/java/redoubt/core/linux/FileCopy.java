package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;

/// Copies the content of one open file into another that is empty. What is nothing but zeros takes
/// no room in the copy. Stateless.
public final class FileCopy {
  private static final int PART_BYTES = 256 * 1024;

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
  /// @param mostBytes no more is copied
  /// @param digest of what was copied
  /// @return how many bytes
  /// @throws LinuxException EFBIG if there is more; ENOSPC and EIO as reading and writing fail
  public static long copy(int from, int to, long mostBytes, MessageDigest digest) {
    long bytes =
        read(
            from,
            mostBytes,
            digest,
            (part, offset) -> {
              if (!isZero(part)) {
                write(to, part, offset);
              }
            });
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

  private static boolean isZero(MemorySegment part) {
    return part.get(JAVA_BYTE, 0) == 0
        && part.asSlice(1).mismatch(part.asSlice(0, part.byteSize() - 1)) == -1;
  }

  private static void write(int to, MemorySegment part, long offset) {
    long done = 0;
    while (done < part.byteSize()) {
      int written =
          SystemCall.PWRITE64.call(
              to, part.address() + done, part.byteSize() - done, offset + done);
      if (written != -Errno.EINTR) {
        done += SystemCall.PWRITE64.require(written, "offset=" + (offset + done));
      }
    }
  }
}
