package redoubt.agent.isolation;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import redoubt.agent.isolation.Peer.Direction;

/// What the kernel's packet filter is told, in the words of `nft(8)`. Pure.
///
/// The rules stand at the priority of `raw`, before anybody's address translation, and end whoever
/// is not named; what another table lets pass does not matter, since each table can refuse. They
/// hold only for a protocol that is an element of the set `isolated`, and the kernel takes that
/// element out when its time is over. So a host is free again though everything of ours has ended.
final class IsolationRules {
  /// The table that is ours.
  static final String TABLE = "redoubt_isolation";

  /// The set whose elements end.
  static final String ISOLATED = "isolated";

  private IsolationRules() {}

  /// The rules, which replace those before in one step.
  ///
  /// @param length how long they hold
  /// @param peers who may talk to this host, or be talked to
  /// @param resolvers its name servers
  static String text(Duration length, List<Peer> peers, List<InetAddress> resolvers) {
    return """
    table inet %1$s
    delete table inet %1$s
    table inet %1$s {
      set %2$s {
        typeof meta nfproto
        flags timeout
        elements = { ipv4 timeout %3$ds, ipv6 timeout %3$ds }
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
        udp sport 68 udp dport 67 accept
        udp sport 546 udp dport 547 accept
        icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept
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
        udp sport 67 udp dport 68 accept
        udp sport 547 udp dport 546 accept
        icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept
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
                + resolvers(
                    "resolvers4", "ipv4_addr", resolvers, each -> !(each instanceof Inet6Address))
                + resolvers("resolvers6", "ipv6_addr", resolvers, Inet6Address.class::isInstance));
  }

  private static String peers(String name, List<Peer> peers, Predicate<Peer> which) {
    String address = name.endsWith("6") ? "ipv6_addr" : "ipv4_addr";
    return set(
        name,
        address + " . inet_proto . inet_service",
        peers.stream()
            .filter(which)
            .map(peer ->
                peer.address().getHostAddress()
                    + " . "
                    + peer.protocol().name().toLowerCase(Locale.ROOT)
                    + " . "
                    + peer.port())
            .distinct()
            .collect(Collectors.joining(", ")));
  }

  private static String resolvers(
      String name, String type, List<InetAddress> resolvers, Predicate<InetAddress> which) {
    return set(
        name,
        type,
        resolvers.stream()
            .filter(which)
            .map(InetAddress::getHostAddress)
            .distinct()
            .collect(Collectors.joining(", ")));
  }

  private static String set(String name, String type, String elements) {
    String filled = elements.isEmpty() ? "" : "    elements = { " + elements + " }\n";
    return "  set " + name + " {\n    type " + type + "\n" + filled + "  }\n";
  }
}
