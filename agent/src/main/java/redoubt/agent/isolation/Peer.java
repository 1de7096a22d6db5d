package redoubt.agent.isolation;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whom an isolated host may talk to all the same. Immutable.
///
/// Its text is `to 192.0.2.7:443/tcp`, or `from [2001:db8::7]:22/tcp` for one who may come.
///
/// @param direction who begins to talk
/// @param address the other's address
/// @param port the port of whoever is talked to, 1 to 65535
/// @param protocol how
public record Peer(Direction direction, InetAddress address, int port, Protocol protocol) {
  /// The most of them.
  public static final int MOST = 64;

  /// Who begins.
  public enum Direction {
    /// This host begins; the port is the other's.
    TO,
    /// The other begins; the port is this host's.
    FROM
  }

  /// What is on top of the internet protocol.
  public enum Protocol {
    /// The transmission control protocol.
    TCP,
    /// The user datagram protocol.
    UDP
  }

  private static final int HIGHEST_PORT = 65_535;

  private static final Pattern PLACE =
      Pattern.compile(
          "(?:\\[([0-9A-Fa-f:.]{2,45})]|([A-Za-z0-9._-]{1,253})):([0-9]{1,5})(?:/(tcp|udp))?");

  /// Fewer have a meaning to the C library that nobody means here.
  private static final String FOUR_NUMBERS = "([0-9]{1,3}\\.){3}[0-9]{1,3}";

  private static final Pattern TEXT = Pattern.compile("(to|from) (\\S+)");

  /// @throws IllegalArgumentException if the port is none, or the address belongs to one link only
  public Peer {
    if (port < 1 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("no port: port=" + port);
    }
    if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
      throw new IllegalArgumentException("no host's address: address=" + address.getHostAddress());
    }
  }

  /// Those that `HOST:PORT`, `[ADDRESS]:PORT` or either with `/udp` means: one for each address of
  /// the host. May wait for a name server.
  ///
  /// @throws IllegalArgumentException if it is no such thing, or the host has no address
  public static List<Peer> parse(Direction direction, String place) {
    return parse(direction, place, InetAddress::getAllByName);
  }

  @FunctionalInterface
  private interface Lookup {
    InetAddress[] addressesOf(String host) throws UnknownHostException;
  }

  private static List<Peer> parse(Direction direction, String place, Lookup lookup) {
    Matcher matcher = PLACE.matcher(place);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "not HOST:PORT, [ADDRESS]:PORT, or either with /udp: peer=" + place);
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    if (host.matches("[0-9.]+") && !host.matches(FOUR_NUMBERS)) {
      throw new IllegalArgumentException("an address has four numbers: peer=" + place);
    }
    Protocol protocol = "udp".equals(matcher.group(4)) ? Protocol.UDP : Protocol.TCP;
    List<Peer> peers = new ArrayList<>();
    try {
      for (InetAddress address : lookup.addressesOf(host)) {
        peers.add(new Peer(direction, address, Integer.parseInt(matcher.group(3)), protocol));
      }
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("the host has no address: peer=" + place, e);
    }
    return peers;
  }

  /// Reads a peer's text, which names an address: nobody is asked.
  ///
  /// @throws IllegalArgumentException if it is none
  public static Peer of(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a peer: peer=" + text);
    }
    return parse(
            Direction.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)),
            matcher.group(2),
            host -> new InetAddress[] {InetAddress.ofLiteral(host)})
        .getFirst();
  }

  boolean isIpv6() {
    return address instanceof Inet6Address;
  }

  @Override
  public String toString() {
    String host = address.getHostAddress();
    return direction.name().toLowerCase(Locale.ROOT)
        + " "
        + (isIpv6() ? "[" + host + "]" : host)
        + ":"
        + port
        + "/"
        + protocol.name().toLowerCase(Locale.ROOT);
  }
}
