package redoubt.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.Errno;
import redoubt.core.linux.SealedMemory;
import redoubt.core.linux.ServedMounts;

/// How files are opened before the agent gets them to scan. Thread-safe.
///
/// What a program serves (FUSE) is read here, and the agent gets a copy in memory: such a program
/// may never answer, and a command that hangs for that holds up nobody else.
final class ScanFiles implements AutoCloseable {
  /// The longest file that is copied: of longer ones the engines look at the digest at most.
  private static final long MOST_COPIED_BYTES = 128L << 20;

  private static final int CHUNK_BYTES = 64 * 1024;

  /// As long as the kernel lets the name of such memory be.
  private static final int MOST_NAME_BYTES = 249;

  /// Root is denied to open what is bad, like everybody; what it names, the agent opens.
  private final boolean asRoot = ProcessUser.isRoot();

  private final ServedMounts served = ServedMounts.open();

  /// Opens a file in the way in which the agent wants it.
  ///
  /// @return a descriptor, the caller's to close, or a negative [Errno] value
  int open(Path path) {
    byte[] name = RawPath.bytes(path);
    int place = Descriptors.openPlace(name);
    if (place < 0) {
      return place;
    }
    if (served.hold(place)) {
      Descriptors.close(place);
      return copy(name);
    }
    if (asRoot) {
      return place;
    }
    Descriptors.close(place);
    return Descriptors.openWithCare(name);
  }

  private static int copy(byte[] name) {
    int file = Descriptors.openWithCare(name);
    if (file < 0) {
      return file;
    }
    try (SealedMemory memory = SealedMemory.create(nameOf(name))) {
      int result = copy(file, memory);
      return result < 0 ? result : memory.seal();
    } finally {
      Descriptors.close(file);
    }
  }

  private static int copy(int file, SealedMemory into) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment chunk = arena.allocate(CHUNK_BYTES);
      long done = 0;
      int count = Descriptors.pread(file, chunk, done);
      while (count > 0) {
        done += count;
        if (done > MOST_COPIED_BYTES) {
          return -Errno.EFBIG;
        }
        into.write(chunk.asSlice(0, count).asByteBuffer());
        count = Descriptors.pread(file, chunk, done);
      }
      return count;
    }
  }

  /// So findings say which file it was.
  private static String nameOf(byte[] path) {
    String end = new String(path, StandardCharsets.UTF_8);
    while (end.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES) {
      end = end.substring(1);
    }
    return end;
  }

  @Override
  public void close() {
    served.close();
  }
}
