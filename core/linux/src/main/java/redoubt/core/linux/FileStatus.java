package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import redoubt.core.model.FileIdentity;

/// What `statx` knows about an open file, in memory that is used again for each file.
///
/// One per thread; not thread-safe, though it may be made by another thread. All but [#identity()]
/// allocate nothing. Values are those of the last successful [#load(int)].
public final class FileStatus implements AutoCloseable {
  /// `struct statx`.
  static final int STATX_BYTES = 256;

  static final int STX_MASK = 0;
  static final int STX_NLINK = 16;
  static final int STX_UID = 20;
  static final int STX_GID = 24;
  static final int STX_MODE = 28;
  static final int STX_INO = 32;
  static final int STX_SIZE = 40;
  static final int STX_BLOCKS = 48;
  static final int STX_ATIME = 64;
  static final int STX_BTIME = 80;
  static final int STX_CTIME = 96;
  static final int STX_MTIME = 112;
  static final int STX_DEV_MAJOR = 136;
  static final int STX_DEV_MINOR = 140;

  /// `struct statx_timestamp`.
  static final int TV_SEC = 0;

  static final int TV_NSEC = 8;

  static final int S_IFMT = 0xF000;
  static final int S_IFREG = 0x8000;
  static final int S_IFSOCK = 0xC000;

  private static final int AT_FDCWD = -100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int AT_STATX_DONT_SYNC = 0x4000;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_INO = 0x100;
  private static final int STATX_BTIME = 0x800;
  private static final long BLOCK_BYTES = 512;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final MemorySegment EMPTY_PATH = Arena.global().allocateFrom("");

  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer = arena.allocate(STATX_BYTES, Long.BYTES);

  /// Memory for the status of a file, not loaded yet.
  public FileStatus() {}

  /// Reads the status of an open file without asking a network file system's server.
  ///
  /// @return 0 or a negative [Errno] value
  public int load(int descriptor) {
    return statx(descriptor, STATX_BASIC_STATS | STATX_BTIME, buffer);
  }

  /// Reads the status of the file that a path leads to, in the same way.
  ///
  /// @return 0 or a negative [Errno] value
  public int load(String path) {
    try (Arena name = Arena.ofConfined()) {
      return SystemCall.STATX.call(
          AT_FDCWD,
          CString.allocate(name, path).address(),
          AT_STATX_DONT_SYNC,
          STATX_BASIC_STATS | STATX_BTIME,
          buffer.address());
    }
  }

  /// The inode number behind a descriptor, 0 if it cannot be had. Any thread; allocates nothing.
  static long inode(int descriptor) {
    MemorySegment scratch = CallState.current().scratch();
    return statx(descriptor, STATX_INO, scratch) < 0 ? 0 : scratch.get(JAVA_LONG, STX_INO);
  }

  /// The device number of an open file's file system, major in the upper 32 bits, minor in the
  /// lower, without asking that; -1 if the descriptor is not open. Any thread; allocates nothing.
  static long device(int descriptor) {
    MemorySegment scratch = CallState.current().scratch();
    return statx(descriptor, 0, scratch) < 0 ? -1 : device(scratch);
  }

  private static int statx(int descriptor, int mask, MemorySegment into) {
    return SystemCall.STATX.call(
        descriptor, EMPTY_PATH.address(), AT_EMPTY_PATH | AT_STATX_DONT_SYNC, mask, into.address());
  }

  /// Whether it is a regular file: not a directory, device, pipe or socket.
  public boolean isRegular() {
    return (mode() & S_IFMT) == S_IFREG;
  }

  /// Type and permission bits, as in `stat(2)`.
  public int mode() {
    return Short.toUnsignedInt(buffer.get(JAVA_SHORT, STX_MODE));
  }

  public int uid() {
    return buffer.get(JAVA_INT, STX_UID);
  }

  public int gid() {
    return buffer.get(JAVA_INT, STX_GID);
  }

  /// The device number, major in the upper 32 bits, minor in the lower.
  public long device() {
    return device(buffer);
  }

  private static long device(MemorySegment status) {
    return ((long) status.get(JAVA_INT, STX_DEV_MAJOR) << 32)
        | Integer.toUnsignedLong(status.get(JAVA_INT, STX_DEV_MINOR));
  }

  public long inode() {
    return buffer.get(JAVA_LONG, STX_INO);
  }

  /// The change time (ctime), nanoseconds since the epoch.
  public long changeNanos() {
    return nanos(STX_CTIME);
  }

  /// The modification time (mtime), nanoseconds since the epoch.
  public long modifyNanos() {
    return nanos(STX_MTIME);
  }

  /// The time of the last access (atime), nanoseconds since the epoch.
  public long accessNanos() {
    return nanos(STX_ATIME);
  }

  /// The birth time (btime), nanoseconds since the epoch; 0 where the file system keeps none.
  public long birthNanos() {
    return (buffer.get(JAVA_INT, STX_MASK) & STATX_BTIME) == 0 ? 0 : nanos(STX_BTIME);
  }

  private long nanos(int timestamp) {
    return buffer.get(JAVA_LONG, timestamp + TV_SEC) * NANOS_PER_SECOND
        + Integer.toUnsignedLong(buffer.get(JAVA_INT, timestamp + TV_NSEC));
  }

  public long sizeBytes() {
    return buffer.get(JAVA_LONG, STX_SIZE);
  }

  /// How much room its content takes on the file system; less than its size if there are holes.
  public long allocatedBytes() {
    return buffer.get(JAVA_LONG, STX_BLOCKS) * BLOCK_BYTES;
  }

  /// How many names the file has; 0 if it was deleted.
  public int linkCount() {
    return buffer.get(JAVA_INT, STX_NLINK);
  }

  /// The values that together name this content of this file.
  public FileIdentity identity() {
    return new FileIdentity(
        device(), inode(), changeNanos(), modifyNanos(), birthNanos(), sizeBytes());
  }

  @Override
  public void close() {
    arena.close();
  }
}
