package redoubt.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Plain descriptor work: open, read, duplicate, close, and the limit on their number.
///
/// Every descriptor made here is close-on-exec. All methods may be called by any thread.
public final class Descriptors {
  static final int AT_FDCWD = -100;
  static final int O_CLOEXEC = 0x80000;
  static final int O_PATH = 0x200000;

  private static final int O_RDONLY = 0;
  private static final int O_WRONLY = 1;
  private static final int O_ACCMODE = 3;
  private static final int F_GETFL = 3;
  private static final int O_NONBLOCK = 0x800;
  private static final int O_NOCTTY = 0x100;
  private static final int O_NOATIME = 0x40000;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int PATH_MAX = 4096;

  private Descriptors() {}

  /// Closes a descriptor.
  ///
  /// @return 0 or a negative [Errno] value; the descriptor is gone in either case unless it is
  ///   EBADF
  public static int close(int descriptor) {
    return SystemCall.CLOSE.call(descriptor);
  }

  /// Opens a file for reading, following links.
  ///
  /// @return a descriptor or a negative [Errno] value
  public static int openReadOnly(String path) {
    return open(path, O_RDONLY | O_CLOEXEC | Architecture.CURRENT.openLargeFile);
  }

  /// Opens a place in the file system without opening the file itself (`O_PATH`): no permission
  /// event, no device access.
  ///
  /// @return a descriptor or a negative [Errno] value
  public static int openPath(String path) {
    return open(path, O_PATH | O_CLOEXEC);
  }

  /// Opens a file for reading that says EAGAIN where others would wait.
  ///
  /// @return a descriptor or a negative [Errno] value
  static int openNonBlocking(String path) {
    return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  }

  /// Opens a file for reading that may be anything by now: follows no link in the last place, does
  /// not wait for the other end of a pipe, and leaves the time of access as it is if it may.
  ///
  /// @param path the bytes of its name, without a NUL at the end
  /// @return a descriptor or a negative [Errno] value
  public static int openWithCare(byte[] path) {
    return openWithFlags(
        path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | Architecture.CURRENT.openNoFollow);
  }

  /// Opens a place in the file system without opening what is there (`O_PATH`): no permission
  /// event, no device access; follows no link in the last place.
  ///
  /// @param path the bytes of its name, without a NUL at the end
  /// @return a descriptor or a negative [Errno] value
  public static int openPlace(byte[] path) {
    return openWithFlags(path, O_PATH | O_CLOEXEC | Architecture.CURRENT.openNoFollow);
  }

  private static int openWithFlags(byte[] path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(path.length + 1L);
      MemorySegment.copy(path, 0, name, ValueLayout.JAVA_BYTE, 0, path.length);
      int descriptor = SystemCall.OPENAT.call(AT_FDCWD, name.address(), flags | O_NOATIME);
      return descriptor == -Errno.EPERM
          ? SystemCall.OPENAT.call(AT_FDCWD, name.address(), flags)
          : descriptor;
    }
  }

  /// Opens for reading, once more, a regular file that is open: leases and signals that somebody
  /// set on his own opening of it are none of this one's.
  ///
  /// @return a descriptor or a negative [Errno] value
  public static int reopen(int descriptor) {
    return openWithFlags(
        link(descriptor).getBytes(StandardCharsets.US_ASCII),
        O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  }

  /// Whether whoever has this descriptor may read by it.
  public static boolean isReadable(int descriptor) {
    int flags = SystemCall.FCNTL.call(descriptor, F_GETFL);
    return flags >= 0 && (flags & O_PATH) == 0 && (flags & O_ACCMODE) != O_WRONLY;
  }

  private static int open(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return SystemCall.OPENAT.call(AT_FDCWD, CString.allocate(arena, path).address(), flags);
    }
  }

  /// The path by which the calling thread, and none with another table of descriptors, reaches what
  /// it has open.
  public static String link(int descriptor) {
    return "/proc/thread-self/fd/" + descriptor;
  }

  /// The path that the kernel shows for an open descriptor of this thread; it ends in ` (deleted)`
  /// for a removed file and is relative to the file's own mount tree if that is not visible here.
  /// Empty if the descriptor is not open.
  public static String readLink(int descriptor) {
    return readLink(link(descriptor));
  }

  /// The same path as the bytes that it is.
  public static byte[] readLinkBytes(int descriptor) {
    return target(link(descriptor));
  }

  /// The target of a symbolic link, not resolved further; empty if it cannot be read. Targets
  /// longer than 4096 bytes are cut.
  public static String readLink(String path) {
    return new String(target(path), StandardCharsets.UTF_8);
  }

  private static byte[] target(String path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(PATH_MAX);
      int length =
          SystemCall.READLINKAT.call(
              AT_FDCWD, CString.allocate(arena, path).address(), target.address(), PATH_MAX);
      return target.asSlice(0, Math.max(0, length)).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /// Reads at an offset without moving the descriptor's position.
  ///
  /// @param into native memory; at most its size is read
  /// @return the number of bytes, 0 at the end, or a negative [Errno] value
  public static int pread(int descriptor, MemorySegment into, long offset) {
    int result;
    do {
      result = SystemCall.PREAD64.call(descriptor, into.address(), into.byteSize(), offset);
    } while (result == -Errno.EINTR);
    return result;
  }

  /// A second descriptor for the same open file.
  ///
  /// @return the descriptor or a negative [Errno] value
  public static int duplicate(int descriptor) {
    return SystemCall.FCNTL.call(descriptor, F_DUPFD_CLOEXEC, 0);
  }

  /// Anonymous memory that holds a copy of `content` and that nobody can change any more; see
  /// [SealedMemory].
  ///
  /// @param name shown in `/proc/PID/fd`, for people
  /// @return the descriptor, with its position at 0
  /// @throws LinuxException if the kernel has no memory or descriptor left
  public static int sealedMemory(String name, byte[] content) {
    SealedMemory memory = SealedMemory.create(name);
    try {
      memory.write(ByteBuffer.wrap(content));
      return memory.seal();
    } catch (LinuxException e) {
      memory.close();
      throw e;
    }
  }

  /// How many descriptors this process may have open at once.
  public static int limit() {
    return ResourceLimit.descriptors();
  }

  /// Raises the limit on open descriptors as far as the kernel lets this process.
  ///
  /// @return the limit in force afterwards
  public static int raiseLimit() {
    return ResourceLimit.raiseDescriptors();
  }
}
