package redoubt.core.linux;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/// A Unix socket in the file system that accepts [SeqPacketSocket] connections.
///
/// One thread accepts; any thread may call [#shutdown()].
public final class SeqPacketListener implements AutoCloseable {
  private static final int BACKLOG = 64;
  private static final int PERMISSION_BITS = 0xFFF;

  private final OwnedDescriptor descriptor;
  private final Path path;

  private SeqPacketListener(int descriptor, Path path) {
    this.descriptor = new OwnedDescriptor(descriptor);
    this.path = path;
  }

  /// Makes the socket and listens. A socket that an earlier process left at this path is replaced;
  /// whether that process still runs is for the caller to know.
  ///
  /// @param mode the permission bits of the socket file; whoever may write may connect
  /// @throws LinuxException EADDRINUSE if something else than a socket is there, ENOENT or EACCES
  ///   for the directory, ENAMETOOLONG for more than 107 bytes
  public static SeqPacketListener bind(Path path, int mode) {
    removeStale(path);
    int descriptor = UnixSocket.create(UnixSocket.SOCK_SEQPACKET);
    try (Arena arena = Arena.ofConfined()) {
      String details = "path=" + path;
      int bits = mode & PERMISSION_BITS;
      // before bind it becomes the file's mode less the umask, so the file is never wider than
      // asked
      SystemCall.FCHMOD.require(SystemCall.FCHMOD.call(descriptor, bits), details);
      long address = UnixSocket.address(arena, path).address();
      SystemCall.BIND.require(
          SystemCall.BIND.call(descriptor, address, UnixSocket.ADDRESS_BYTES), details);
      SystemCall.FCHMODAT.require(
          SystemCall.FCHMODAT.call(
              Descriptors.AT_FDCWD, CString.allocate(arena, path.toString()).address(), bits),
          details);
      SystemCall.LISTEN.require(SystemCall.LISTEN.call(descriptor, BACKLOG), details);
      return new SeqPacketListener(descriptor, path);
    } catch (LinuxException e) {
      Descriptors.close(descriptor);
      throw e;
    }
  }

  private static void removeStale(Path path) {
    int place = Descriptors.openPath(path.toString());
    if (place < 0) {
      return;
    }
    try (FileStatus status = new FileStatus()) {
      if (status.load(place) == 0 && (status.mode() & FileStatus.S_IFMT) == FileStatus.S_IFSOCK) {
        unlink(path);
      }
    } finally {
      Descriptors.close(place);
    }
  }

  private static void unlink(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      SystemCall.UNLINKAT.call(
          Descriptors.AT_FDCWD, CString.allocate(arena, path.toString()).address(), 0);
    }
  }

  /// Waits for the next connection.
  ///
  /// @throws LinuxException EINVAL after [#shutdown()]; EMFILE or ENFILE if there was no
  ///   descriptor, and the connection still waits
  public SeqPacketSocket accept() {
    int result;
    do {
      result = SystemCall.ACCEPT4.call(descriptor.number(), 0, 0, UnixSocket.SOCK_CLOEXEC);
    } while (result == -Errno.EINTR || result == -Errno.ECONNABORTED);
    return new SeqPacketSocket(SystemCall.ACCEPT4.require(result, "path=" + path));
  }

  /// Ends listening: the accepting thread gets its EINVAL, new connections are refused.
  public void shutdown() {
    SystemCall.SHUTDOWN.call(descriptor.number(), UnixSocket.SHUT_RDWR);
  }

  /// Ends listening and removes the socket file. The accepting thread must have returned.
  @Override
  public void close() {
    if (descriptor.number() >= 0) {
      unlink(path);
    }
    descriptor.close();
  }
}
