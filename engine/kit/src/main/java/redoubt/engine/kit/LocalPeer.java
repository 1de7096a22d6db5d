package redoubt.engine.kit;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import redoubt.core.linux.Errno;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.StreamSocket;

/// A conversation with a program of this host, at a Unix socket that the owner granted to the
/// engine (`socket:PATH`).
///
/// Carries bytes without boundaries (`SOCK_STREAM`), and files beside them. For the thread that
/// made it.
public final class LocalPeer implements AutoCloseable {
  private final StreamSocket socket;

  private LocalPeer(StreamSocket socket) {
    this.socket = socket;
  }

  /// Connects.
  ///
  /// @param limit how long this, each send and each [#receive] may wait
  /// @throws IOException if nobody is there, or nobody takes the connection in time
  public static LocalPeer connect(Path socket, Duration limit) throws IOException {
    try {
      return new LocalPeer(StreamSocket.connect(socket, millis(limit)));
    } catch (LinuxException e) {
      throw new IOException(
          "nobody answers: socket=" + socket + " error=" + Errno.name(-e.errno()), e);
    }
  }

  /// Sends 1 to 4,096 bytes.
  ///
  /// @throws IOException if the peer is gone
  public void send(byte[] bytes) throws IOException {
    require(socket.send(bytes));
  }

  /// Sends bytes, and beside them the file itself: the peer can read it, and nobody else's.
  ///
  /// @throws IOException if the peer is gone
  /// @throws IllegalStateException if the event was answered already
  public void send(byte[] bytes, FileContent file) throws IOException {
    require(file.passTo(socket, bytes));
  }

  /// Waits for bytes, and takes as many as are there and find room.
  ///
  /// @param into at least one byte long
  /// @param limit how long to wait
  /// @return how many; -1 if the peer has ended the conversation
  /// @throws SocketTimeoutException if none came in time
  /// @throws IOException if the conversation broke
  public int receive(byte[] into, Duration limit) throws IOException {
    socket.receiveLimit(millis(limit));
    int received = require(socket.receive(into));
    return received == 0 ? -1 : received;
  }

  /// The kernel takes 0 for no limit at all.
  private static int millis(Duration limit) {
    return Math.toIntExact(Math.max(1, limit.toMillis()));
  }

  private static int require(int result) throws IOException {
    if (result == -Errno.EAGAIN) {
      throw new SocketTimeoutException("the peer did not answer in time");
    }
    if (result < 0) {
      throw new IOException("the conversation broke: error=" + Errno.name(result));
    }
    return result;
  }

  @Override
  public void close() {
    socket.close();
  }
}
