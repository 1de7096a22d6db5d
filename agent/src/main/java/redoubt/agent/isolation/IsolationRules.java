package redoubt.agent.isolation;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redoubt.agent.isolation.Peer.Direction;

/// What the kernel's packet filter is told, in the words of `nft(8)`. Pure.
///
/// The rules stand at the priority of `raw`, before anybody's address translation, and end whoever
/// is not named; what another table lets pass does not matter, since each table can refuse. They
/// hold only for a protocol that is an element of the set `isolated`, and the kernel takes that
/// element out when its time is over. So a host is free again though everything of ours has ended.
///
/// What a network says of itself comes in only where it must, and nobody tracks connections for it:
/// that begins after these rules, and would change a host that does not do it.
///
/// * Errors, from any router, if the packet that they bring back (its destination stands at a fixed
///   place behind the error's 8 bytes) went to somebody who is named.
/// * The rest of what was split on the way, which has no ports: over IPv6 from who is named. The
///   kernel takes it for nothing unless its beginning came in too. IPv4 is put together before.
/// * Addresses by DHCP, from near ones; who listens to which group, which no router passes on.
final class IsolationRules {
  /// The table that is ours.
  static final String TABLE = "redoubt_isolation";

  /// The set whose elements end.
  static final String ISOLATED = "isolated";

  private static final Predicate<InetAddress> IPV6 = Inet6Address.class::isInstance;
  private static final Predicate<InetAddress> IPV4 = IPV6.negate();

  private IsolationRules() {}

  /// The rules, which replace those before in one step.
  ///
  /// @param length how long they hold
  /// @param peers who may talk to this host, or be talked to
  /// @param resolvers its name servers
  static String text(Duration length, List<Peer> peers, List<InetAddress> resolvers) {
    List<InetAddress> named =
        Stream.concat(peers.stream().map(Peer::address), resolvers.stream()).toList();
    return """
    table inet %1$s
    delete table inet %1$s
    table inet %1$s {
      set %2$s {
        typeof meta nfproto
        flags timeout
        elements = { ipv4 timeout %3$ds, ipv6 timeout %3$ds }
      }
      set near4 {
        type ipv4_addr
        flags interval
        elements = { 10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16, 255.255.255.255 }
      }
    %4$s  chain output {
        type filter hook output priority -300; policy accept;
        meta nfproto != @%2$s accept
        oifname "lo" accept
        ip daddr . meta l4proto . th dport @to4 accept
        ip6 daddr . meta l4proto . th dport @to6 accept
        ip daddr . meta l4proto . th sport @from4 accept
        ip6 daddr . meta l4proto . th sport @from6 accept
        ip daddr @resolvers4 meta l4proto { tcp, udp } th dport 53 accept
        ip6 daddr @resolvers6 meta l4proto { tcp, udp } th dport 53 accept
        ip daddr @near4 udp sport 68 udp dport 67 accept
        ip6 daddr { fe80::/10, ff02::1:2 } udp sport 546 udp dport 547 accept
        icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept
        ip6 hoplimit 1 icmpv6 type { mld-listener-report, mld-listener-done, mld2-listener-report } accept
        counter reject with icmpx type admin-prohibited
      }
      chain input {
        type filter hook input priority -300; policy accept;
        meta nfproto != @%2$s accept
        iifname "lo" accept
        ip saddr . meta l4proto . th sport @to4 accept
        ip6 saddr . meta l4proto . th sport @to6 accept
        ip saddr . meta l4proto . th dport @from4 accept
        ip6 saddr . meta l4proto . th dport @from6 accept
        ip saddr @resolvers4 meta l4proto { tcp, udp } th sport 53 accept
        ip6 saddr @resolvers6 meta l4proto { tcp, udp } th sport 53 accept
        ip saddr @near4 udp sport 67 udp dport 68 accept
        ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept
        ip6 saddr @named6 frag frag-off != 0 accept
        icmp type { destination-unreachable, time-exceeded, parameter-problem } @th,192,32 @sent4 accept
        icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } @th,256,128 @sent6 accept
        ip6 hoplimit 255 icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept
        ip6 saddr fe80::/10 ip6 hoplimit 1 icmpv6 type mld-listener-query accept
        counter drop
      }
      chain forward {
        type filter hook forward priority -300; policy accept;
        meta nfproto != @%2$s accept
        counter drop
      }
    }
    """
        .formatted(
            TABLE,
            ISOLATED,
            length.toSeconds(),
            peers("to4", peers, peer -> peer.direction() == Direction.TO && !peer.isIpv6())
                + peers("to6", peers, peer -> peer.direction() == Direction.TO && peer.isIpv6())
                + peers(
                    "from4", peers, peer -> peer.direction() == Direction.FROM && !peer.isIpv6())
                + peers("from6", peers, peer -> peer.direction() == Direction.FROM && peer.isIpv6())
                + set("resolvers4", "type ipv4_addr", texts(resolvers, IPV4))
                + set("resolvers6", "type ipv6_addr", texts(resolvers, IPV6))
                + set("named6", "type ipv6_addr", texts(named, IPV6))
                + set("sent4", "typeof @th,192,32", numbers(named, IPV4))
                + set("sent6", "typeof @th,256,128", numbers(named, IPV6)));
  }

  private static String peers(String name, List<Peer> peers, Predicate<Peer> which) {
    String address = name.endsWith("6") ? "ipv6_addr" : "ipv4_addr";
    return set(
        name,
        "type " + address + " . inet_proto . inet_service",
        peers.stream()
            .filter(which)
            .map(peer ->
                peer.address().getHostAddress()
                    + " . "
                    + peer.protocol().name().toLowerCase(Locale.ROOT)
                    + " . "
                    + peer.port()));
  }

  private static Stream<String> texts(List<InetAddress> addresses, Predicate<InetAddress> which) {
    return addresses.stream().filter(which).map(InetAddress::getHostAddress);
  }

  /// As nft wants what it reads out of a packet by its place there.
  private static Stream<String> numbers(List<InetAddress> addresses, Predicate<InetAddress> which) {
    return addresses.stream()
        .filter(which)
        .map(address -> "0x" + HexFormat.of().formatHex(address.getAddress()));
  }

  private static String set(String name, String type, Stream<String> elements) {
    String list = elements.distinct().collect(Collectors.joining(", "));
    String filled = list.isEmpty() ? "" : "    elements = { " + list + " }\n";
    return "  set " + name + " {\n    " + type + "\n" + filled + "  }\n";
  }
}
