package redoubt.agent.supply;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// A server on loopback that answers as the last part of a path says, byte by byte: no HTTP server
/// would break its own protocol.
final class BadServer implements AutoCloseable {
  private static final Map<String, String> PLAIN =
      Map.of(
          "404", "404 Gone Fishing\r\nContent-Length: 4\r\n\r\nnone",
          "403", "403 No\r\nContent-Length: 0\r\n\r\n",
          "410", "410 Gone\r\nContent-Length: 0\r\n\r\n",
          "500", "500 Ill\r\nContent-Length: 0\r\n\r\n",
          "204", "204 Empty\r\n\r\n",
          "206", "206 Part\r\nContent-Length: 3\r\n\r\ncon",
          "302", "302 Elsewhere\r\nContent-Length: 0\r\n\r\n",
          "cut", "200 Fine\r\nContent-Length: 50\r\n\r\ncontent");

  private static final Map<String, String> REDIRECTS =
      Map.of("nowhere", "file:/etc/passwd", "loop", "/repo/loop", "moved", "/elsewhere");

  private final byte[] content;
  private final ServerSocket socket;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);

  /// @param content what any other path has
  BadServer(byte[] content) throws IOException {
    this.content = content.clone();
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  /// Which paths it was asked for, in order.
  List<String> asked() {
    return List.copyOf(asked);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket peer = socket.accept();
        Thread.ofVirtual().start(() -> serve(peer));
      } catch (IOException _) {
        // It was closed, or the peer is gone.
      }
    }
  }

  private void serve(Socket peer) {
    try (peer) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(peer.getInputStream(), StandardCharsets.ISO_8859_1));
      String request = in.readLine();
      while (request != null && !in.readLine().isEmpty()) {
        // headers
      }
      String path = String.valueOf(request).split(" ")[1];
      asked.add(path);
      answer(path.substring(path.lastIndexOf('/') + 1), peer.getOutputStream());
    } catch (IOException _) {
      // The peer has heard enough.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(String name, OutputStream out) throws IOException, InterruptedException {
    if (PLAIN.containsKey(name)) {
      say(out, "HTTP/1.1 " + PLAIN.get(name));
    } else if (REDIRECTS.containsKey(name)) {
      say(out, "HTTP/1.1 302 Moved\r\nContent-Length: 0\r\nLocation: ");
      say(out, REDIRECTS.get(name) + "\r\nConnection: close\r\n\r\n");
    } else if (name.equals("garbage")) {
      say(out, "\u0000\u0001\u0002 not at all\r\n\r\n");
    } else if (name.equals("silent")) {
      end.await();
    } else if (name.equals("trickle")) {
      say(out, "HTTP/1.1 200 Fine\r\nContent-Length: 90000\r\n\r\n");
      out.write(content);
      out.flush();
      end.await();
    } else if (name.equals("endless")) {
      say(out, "HTTP/1.1 200 Fine\r\nConnection: close\r\n\r\n");
      while (end.getCount() > 0) {
        out.write(new byte[8192]); // until the client hangs up
      }
    } else {
      say(out, "HTTP/1.1 200 Fine\r\nContent-Length: " + content.length + "\r\n\r\n");
      out.write(content);
    }
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    end.countDown();
    socket.close();
  }
}
