package redoubt.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// A socket of this host whose other side is a port of this host: what `socat` is for a courier.
public final class ByteRelay implements AutoCloseable {
  private static final int BUFFER_BYTES = 8192;

  private final ServerSocketChannel listener;
  private final Path socket;
  private final int port;

  private ByteRelay(ServerSocketChannel listener, Path socket, int port) {
    this.listener = listener;
    this.socket = socket;
    this.port = port;
  }

  /// Begins to pass bytes.
  public static ByteRelay open(Path socket, int port) throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket));
    ByteRelay relay = new ByteRelay(listener, socket, port);
    Thread.ofVirtual().start(relay::pass);
    return relay;
  }

  /// Where it is.
  public Path socket() {
    return socket;
  }

  private void pass() {
    try {
      while (true) {
        SocketChannel host = listener.accept();
        SocketChannel peer =
            SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Thread.ofVirtual().start(() -> copy(host, peer));
        Thread.ofVirtual().start(() -> copy(peer, host));
      }
    } catch (IOException _) {
      // The test is over.
    }
  }

  private static void copy(ByteChannel from, ByteChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    try (from;
        to) {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
    } catch (IOException _) {
      // One side is gone, and then the other.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
