package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// What listening and connected `AF_UNIX` sockets share: addresses and constants.
final class UnixSocket {
  static final short AF_UNIX = 1;
  static final int SOCK_SEQPACKET = 5;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int SOL_SOCKET = 1;
  static final int SHUT_RDWR = 2;

  /// `struct sockaddr_un`.
  static final int ADDRESS_BYTES = 110;

  static final int SUN_PATH = 2;

  private UnixSocket() {}

  static int create() {
    return SystemCall.SOCKET.require(
        SystemCall.SOCKET.call(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), "family=unix");
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
