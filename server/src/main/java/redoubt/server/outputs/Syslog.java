package redoubt.server.outputs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import redoubt.server.store.OutputStore.Outgoing;

/// Sends messages of RFC 5424 over TLS (RFC 5425), TCP with counted octets (RFC 6587) or UDP (RFC
/// 5426). For one thread.
///
/// No syslog says that it has got something. Of TCP it is taken that what was written has come,
/// unless the connection is found to have ended.
final class Syslog implements Sender {
  static final String TLS = "syslog+tls";
  static final String TCP = "syslog+tcp";
  static final String UDP = "syslog+udp";

  private static final int CONNECT_MILLIS = 10_000;
  private static final int GLANCE_MILLIS = 1;

  /// What UDP over IPv4 carries.
  private static final int MOST_DATAGRAM_BYTES = 65_507;

  private final URI address;
  private final String scheme;
  private final String here = here();
  private @Nullable Socket connection;

  Syslog(URI address) {
    this.address = address;
    scheme = scheme(address);
  }

  static boolean isOne(URI address) {
    return scheme(address).startsWith("syslog");
  }

  private static String scheme(URI address) {
    return String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
  }

  private static String here() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      return "";
    }
  }

  @Override
  public void send(List<Outgoing> all) throws IOException {
    if (scheme.equals(UDP)) {
      sendDatagrams(all);
      return;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Outgoing told : all) {
      byte[] line = SyslogLine.of(told, here);
      bytes.writeBytes((line.length + " ").getBytes(StandardCharsets.US_ASCII));
      bytes.writeBytes(line);
    }
    try {
      Socket socket = connected();
      socket.getOutputStream().write(bytes.toByteArray());
      socket.getOutputStream().flush();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void sendDatagrams(List<Outgoing> all) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(receiver());
      for (Outgoing told : all) {
        byte[] line = SyslogLine.of(told, here);
        socket.send(new DatagramPacket(line, Math.min(line.length, MOST_DATAGRAM_BYTES)));
      }
    }
  }

  private InetSocketAddress receiver() throws IOException {
    InetSocketAddress receiver = new InetSocketAddress(address.getHost(), address.getPort());
    if (receiver.isUnresolved()) {
      throw new UnknownHostException("unknown: host=" + address.getHost());
    }
    return receiver;
  }

  private Socket connected() throws IOException {
    Socket socket = connection;
    if (socket != null && hasEnded(socket)) {
      close();
      socket = null;
    }
    if (socket == null) {
      socket = connect();
      connection = socket;
    }
    return socket;
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(receiver(), CONNECT_MILLIS);
      socket.setKeepAlive(true);
      if (!scheme.equals(TLS)) {
        return socket;
      }
      SSLSocket tls =
          (SSLSocket)
              ((SSLSocketFactory) SSLSocketFactory.getDefault())
                  .createSocket(socket, address.getHost(), address.getPort(), true);
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      tls.setSSLParameters(parameters);
      tls.setSoTimeout(CONNECT_MILLIS);
      tls.startHandshake();
      return tls;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// Whether the other side has gone away: a receiver says nothing else.
  private static boolean hasEnded(Socket socket) throws IOException {
    socket.setSoTimeout(GLANCE_MILLIS);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  @Override
  public void close() {
    Socket socket = connection;
    connection = null;
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException _) {
        // It is of no use any more.
      }
    }
  }
}
