package redoubt.testing.testkit.tuf;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A repository on this machine's loopback address, which serves what it is told and notes what it
/// is asked for. Safe for every thread; close it to end it.
public final class LoopbackRepository implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /// Begins to listen at a free port.
  public LoopbackRepository() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /// The address of a directory.
  public URI address(String directory) {
    return URI.create("http:/" + "/127.0.0.1:" + server.getAddress().getPort() + "/" + directory);
  }

  /// Serves these files from now on, by their encoded paths, and forgets what was asked.
  public void serve(Map<String, byte[]> newFiles) {
    files.clear();
    files.putAll(newFiles);
    asked.clear();
  }

  /// What was asked for, encoded, in order.
  public List<String> asked() {
    return List.copyOf(asked);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath().substring(1);
      asked.add(path);
      byte[] file = files.get(path);
      if (file == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        exchange.sendResponseHeaders(200, file.length);
        exchange.getResponseBody().write(file);
      }
    }
  }
}
