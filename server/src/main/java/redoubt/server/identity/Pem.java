package redoubt.server.identity;

import java.util.Base64;

/// Keys and certificates as text (RFC 7468). Stateless.
final class Pem {
  private static final int LINE_CHARS = 64;

  private Pem() {}

  /// @param label such as `PRIVATE KEY`
  static String text(String label, byte[] der) {
    return begin(label)
        + '\n'
        + Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encodeToString(der)
        + '\n'
        + end(label)
        + '\n';
  }

  static String begin(String label) {
    return "-----BEGIN " + label + "-----";
  }

  static String end(String label) {
    return "-----END " + label + "-----";
  }
}
