package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;

/// A file as its file system names it: stable across renames, and across reboots on disk file
/// systems. Immutable.
public final class FileHandle {
  /// `struct file_handle`, without its bytes.
  static final int HANDLE_HEADER_BYTES = 8;

  static final int HANDLE_BYTES = 0;
  static final int HANDLE_TYPE = 4;

  private final long fileSystemId;
  private final int type;
  private final byte[] bytes;

  private FileHandle(long fileSystemId, int type, byte[] bytes) {
    this.fileSystemId = fileSystemId;
    this.type = type;
    this.bytes = bytes;
  }

  /// Reads a file system id with a `struct file_handle` after it, as fanotify lays them out.
  ///
  /// @return the handle
  static FileHandle read(MemorySegment segment, long at) {
    long handle = at + Long.BYTES;
    int length = segment.get(JAVA_INT_UNALIGNED, handle + HANDLE_BYTES);
    MemorySegment bytes = segment.asSlice(handle + HANDLE_HEADER_BYTES, length);
    return new FileHandle(
        segment.get(JAVA_LONG_UNALIGNED, at),
        segment.get(JAVA_INT_UNALIGNED, handle + HANDLE_TYPE),
        bytes.toArray(JAVA_BYTE));
  }

  /// How many bytes [#read] took.
  int readLength() {
    return Long.BYTES + HANDLE_HEADER_BYTES + bytes.length;
  }

  /// The file system, as `statfs(2)` numbers it (`f_fsid`).
  public long fileSystemId() {
    return fileSystemId;
  }

  /// What the bytes mean, known to the file system only.
  public int type() {
    return type;
  }

  /// A copy of the handle's bytes.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// Finds the file again, as a place (`O_PATH`) that raises no event.
  ///
  /// @param mount any open descriptor on the handle's file system
  /// @return a descriptor, or a negative [Errno] value: ESTALE if the file is gone
  public int open(int mount) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(HANDLE_HEADER_BYTES + bytes.length, Integer.BYTES);
      handle.set(JAVA_INT, HANDLE_BYTES, bytes.length);
      handle.set(JAVA_INT, HANDLE_TYPE, type);
      MemorySegment.copy(bytes, 0, handle, JAVA_BYTE, HANDLE_HEADER_BYTES, bytes.length);
      int flags = Descriptors.O_PATH | Descriptors.O_CLOEXEC;
      return SystemCall.OPEN_BY_HANDLE_AT.call(mount, handle.address(), flags);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileHandle that
        && fileSystemId == that.fileSystemId
        && type == that.type
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes) * 31 + Long.hashCode(fileSystemId);
  }

  @Override
  public String toString() {
    return Long.toHexString(fileSystemId) + ":" + type + ":" + HexFormat.of().formatHex(bytes);
  }
}
