package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// What listening and connected `AF_UNIX` sockets share: addresses and constants.
final class UnixSocket {
  static final short AF_UNIX = 1;
  static final int SOCK_STREAM = 1;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_SEQPACKET = 5;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int SOL_SOCKET = 1;
  static final int SHUT_RDWR = 2;

  /// `struct sockaddr_un`.
  static final int ADDRESS_BYTES = 110;

  static final int SUN_PATH = 2;

  /// `struct timeval`.
  static final int TIMEVAL_BYTES = 16;

  static final int SO_RCVTIMEO = 20;
  static final int SO_SNDTIMEO = 21;

  private UnixSocket() {}

  /// @param type [#SOCK_STREAM], [#SOCK_DGRAM] or [#SOCK_SEQPACKET]
  static int create(int type) {
    return SystemCall.SOCKET.require(
        SystemCall.SOCKET.call(AF_UNIX, type | SOCK_CLOEXEC, 0), "family=unix");
  }

  /// Connects, waiting while the backlog is full and no longer than the sending time limit.
  ///
  /// @throws LinuxException ENOENT or ECONNREFUSED if nobody listens, EACCES without the right,
  ///   EPROTOTYPE if the socket is of another type, EAGAIN if the time was not enough
  static void connect(int descriptor, Path path) {
    try (Arena arena = Arena.ofConfined()) {
      long address = address(arena, path).address();
      SystemCall.CONNECT.require(
          SystemCall.CONNECT.call(descriptor, address, ADDRESS_BYTES), "path=" + path);
    }
  }

  /// @param option [#SO_RCVTIMEO] or [#SO_SNDTIMEO]
  /// @param millis 0 for no limit
  static void limit(int descriptor, int option, int millis) {
    try (Arena memory = Arena.ofConfined()) {
      MemorySegment time = memory.allocate(TIMEVAL_BYTES, Long.BYTES);
      time.set(JAVA_LONG, 0, millis / 1000);
      time.set(JAVA_LONG, Long.BYTES, millis % 1000 * 1000L);
      SystemCall.SETSOCKOPT.require(
          SystemCall.SETSOCKOPT.call(descriptor, SOL_SOCKET, option, time.address(), TIMEVAL_BYTES),
          "option=" + option);
    }
  }

  /// @throws LinuxException ENAMETOOLONG if the path has more than 107 bytes
  static MemorySegment address(Arena arena, Path path) {
    byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
    if (name.length >= ADDRESS_BYTES - SUN_PATH) {
      throw new LinuxException("bind", Errno.ENAMETOOLONG, "path=" + path);
    }
    MemorySegment address = arena.allocate(ADDRESS_BYTES, Long.BYTES);
    address.set(JAVA_SHORT, 0, AF_UNIX);
    MemorySegment.copy(name, 0, address, JAVA_BYTE, SUN_PATH, name.length);
    return address;
  }
}
