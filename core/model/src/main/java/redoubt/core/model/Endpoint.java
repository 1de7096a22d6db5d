package redoubt.core.model;

/// One end of a flow over an IP network.
///
/// @param address an IPv4 address in dotted decimal digits, or an IPv6 address as RFC 5952 writes
///   it; empty if it is not known
/// @param port 0 to 65535; 0 if it is not known
public record Endpoint(String address, int port) {
  /// No end.
  public static final Endpoint NONE = new Endpoint("", 0);

  private static final int IPV6_BYTES = 16;
  private static final int IPV4_BYTES = 4;
  private static final int GROUPS = IPV6_BYTES / 2;

  /// How many bytes before an IPv4 address make it one of IPv6 (RFC 4291, 2.5.5.2).
  private static final int MAPPED_ZEROS = 10;

  public Endpoint {
    if (port < 0 || port > 0xFFFF) {
      throw new IllegalArgumentException("no port: port=" + port);
    }
  }

  /// An end by its address as the network carries it.
  ///
  /// @param address 4 bytes, or 16, of which an IPv4 address that is mapped into IPv6 is taken for
  ///   what it is
  public static Endpoint of(byte[] address, int port) {
    return new Endpoint(
        switch (address.length) {
          case IPV4_BYTES -> formatIpv4(address, 0);
          case IPV6_BYTES ->
              isMapped(address)
                  ? formatIpv4(address, IPV6_BYTES - IPV4_BYTES)
                  : formatIpv6(address);
          default -> throw new IllegalArgumentException("no IP address: bytes=" + address.length);
        },
        port);
  }

  /// Whether the address is the one that stands for none, `0.0.0.0` or `::`.
  public boolean isUnspecified() {
    return address.equals("0.0.0.0") || address.equals("::");
  }

  private static boolean isMapped(byte[] address) {
    for (int i = 0; i < MAPPED_ZEROS; i++) {
      if (address[i] != 0) {
        return false;
      }
    }
    return address[MAPPED_ZEROS] == -1 && address[MAPPED_ZEROS + 1] == -1;
  }

  private static String formatIpv4(byte[] address, int from) {
    return (address[from] & 0xFF)
        + "."
        + (address[from + 1] & 0xFF)
        + "."
        + (address[from + 2] & 0xFF)
        + "."
        + (address[from + 3] & 0xFF);
  }

  /// RFC 5952: the longest row of two zero groups or more, the first of several, is left out.
  private static String formatIpv6(byte[] address) {
    int zerosFrom = GROUPS;
    int zeros = 1;
    for (int from = 0; from < GROUPS; from++) {
      int to = from;
      while (to < GROUPS && group(address, to) == 0) {
        to++;
      }
      if (to - from > zeros) {
        zerosFrom = from;
        zeros = to - from;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == zerosFrom) {
        text.append("::");
        i += zeros - 1;
      } else {
        text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
        text.append(Integer.toHexString(group(address, i)));
      }
    }
    return text.toString();
  }

  private static int group(byte[] address, int index) {
    return (address[2 * index] & 0xFF) << 8 | (address[2 * index + 1] & 0xFF);
  }
}
