package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whoever started this process as a service and wants to hear how it is, by datagrams:
/// `sd_notify(3)`. Immutable; nothing is held between two words.
public final class ServiceManager {
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  private final Path socket;

  private ServiceManager(Path socket) {
    this.socket = socket;
  }

  /// The one that asked for it, if anybody did.
  ///
  /// @param address what the environment says in `NOTIFY_SOCKET`
  /// @return nothing if it says nothing, or names no file
  public static Optional<ServiceManager> at(@Nullable String address) {
    return Optional.ofNullable(address)
        .filter(named -> named.startsWith("/"))
        .map(named -> new ServiceManager(Path.of(named)));
  }

  /// Says that the service is well: whoever hears nothing for long starts it anew. Does not wait.
  ///
  /// @return whether it was heard
  public boolean sayWell() {
    try {
      return tell("WATCHDOG=1");
    } catch (LinuxException _) {
      return false; // It is gone, or has not the time; or there is no descriptor left.
    }
  }

  private boolean tell(String state) {
    int descriptor = UnixSocket.create(UnixSocket.SOCK_DGRAM);
    try (Arena arena = Arena.ofConfined()) {
      UnixSocket.connect(descriptor, socket);
      byte[] bytes = state.getBytes(StandardCharsets.US_ASCII);
      MemorySegment message = arena.allocateFrom(JAVA_BYTE, bytes);
      return SystemCall.SENDTO.call(
              descriptor, message.address(), bytes.length, MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0)
          == bytes.length;
    } finally {
      Descriptors.close(descriptor);
    }
  }
}
