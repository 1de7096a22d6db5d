package redoubt.server.outputs;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import redoubt.fleet.serving.Loopback;
import redoubt.server.store.OutputEntry;
import redoubt.server.store.OutputStore.Outgoing;

/// Sends to one receiver. For one thread.
interface Sender extends AutoCloseable {
  /// Sends something, in order. When this returns the receiver has it, as far as its protocol says.
  ///
  /// @throws IOException with the cause, for people, if it may not have it: then all of it is sent
  ///   again
  void send(List<Outgoing> all) throws IOException, InterruptedException;

  @Override
  void close();

  /// The one for an output.
  static Sender of(OutputEntry output) {
    return isWebhook(output.address())
        ? new Webhook(output.address(), output.secret())
        : new Syslog(output.address());
  }

  /// Whether requests go there, which are signed.
  static boolean isWebhook(URI address) {
    return !Syslog.isOne(address);
  }

  /// Sees to it that an address is one.
  ///
  /// @throws IllegalArgumentException naming what is wrong
  static void requireAddress(URI address) {
    String host = address.getHost();
    if (host == null || address.getUserInfo() != null || address.getFragment() != null) {
      throw new IllegalArgumentException("no address of a receiver: " + address);
    }
    switch (String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT)) {
      case "https" -> {}
      case "http" -> {
        if (!Loopback.isOne(host)) {
          throw new IllegalArgumentException("in the clear: only to this machine, else https");
        }
      }
      case Syslog.TLS, Syslog.TCP, Syslog.UDP -> {
        if (address.getPort() < 1 || !address.getPath().isEmpty() || address.getQuery() != null) {
          throw new IllegalArgumentException("not of the form syslog+tls://HOST:PORT");
        }
      }
      default ->
          throw new IllegalArgumentException(
              "an output is https, syslog+tls, syslog+tcp or syslog+udp: " + address.getScheme());
    }
  }
}
