package redoubt.engine.sigma.match;

import java.net.InetAddress;

/// A network that addresses may belong to. An IPv4 address that is mapped into IPv6 (RFC 4291
/// 2.5.5.2) is the IPv4 address.
final class NetworkPrefix {
  private static final int LONGEST_ADDRESS = 45;

  private final byte[] network;
  private final int bits;

  NetworkPrefix(InetAddress network, int bits) {
    this.network = network.getAddress();
    this.bits = bits;
  }

  /// Whether the text is an address of the network.
  boolean contains(String text) {
    String address = text.strip();
    int zone = address.indexOf('%');
    if (zone > 0) {
      address = address.substring(0, zone);
    }
    if (address.length() > LONGEST_ADDRESS || !looksLikeAnAddress(address)) {
      return false;
    }
    try {
      byte[] bytes = InetAddress.ofLiteral(address).getAddress();
      return bytes.length == network.length && sharesPrefix(bytes);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean looksLikeAnAddress(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.digit(c, 16) < 0 && c != '.' && c != ':') {
        return false;
      }
    }
    // Fewer than four numbers would be read as an address too.
    return text.indexOf(':') >= 0 || text.chars().filter(c -> c == '.').count() == 3;
  }

  private boolean sharesPrefix(byte[] address) {
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (address[i] != network[i]) {
        return false;
      }
    }
    int rest = bits % 8;
    return rest == 0 || ((address[whole] ^ network[whole]) & 0xFF) >>> (8 - rest) == 0;
  }
}
