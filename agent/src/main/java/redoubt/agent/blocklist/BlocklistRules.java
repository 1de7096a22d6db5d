package redoubt.agent.blocklist;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// What the kernel's packet filter is told, in the words of `nft(8)`. Pure.
///
/// An address is an element of a set that the kernel takes out by itself after [#LEASE], or when
/// the list says so; whoever wants it to stay puts it in again before that.
final class BlocklistRules {
  /// The table that is ours.
  static final String TABLE = "redoubt_blocklist";

  /// Counts the packets that were refused.
  static final String REFUSED = "refused";

  /// The longest that the kernel holds an address without hearing of it again.
  static final Duration LEASE = Duration.ofHours(24);

  /// Takes the table away; no failure if there is none.
  static final String REMOVAL = "table inet " + TABLE + "\ndelete table inet " + TABLE + "\n";

  private final AddressList list;
  private final long nowSeconds;

  BlocklistRules(AddressList list, long nowSeconds) {
    this.list = list;
    this.nowSeconds = nowSeconds;
  }

  /// How many ranges are in force.
  long inForce() {
    return list.blocked().stream().filter(this::isMeant).count();
  }

  private boolean isMeant(AddressRange range) {
    return range.untilSeconds() > nowSeconds;
  }

  /// Everything, in place of what was there.
  void writeAll(Appendable out) throws IOException {
    out.append(REMOVAL).append("table inet " + TABLE + " {\n  counter " + REFUSED + " { }\n");
    set(out, "blocked4", "ipv4_addr", "interval,timeout");
    set(out, "blocked6", "ipv6_addr", "interval,timeout");
    set(out, "never4", "ipv4_addr", "interval; auto-merge");
    set(out, "never6", "ipv6_addr", "interval; auto-merge");
    out.append(
        """
          chain output {
            type filter hook output priority -300; policy accept;
            oifname "lo" accept
            ip daddr @blocked4 ip daddr != @never4 counter name refused reject with icmpx type admin-prohibited
            ip6 daddr @blocked6 ip6 daddr != @never6 counter name refused reject with icmpx type admin-prohibited
          }
          chain input {
            type filter hook input priority -300; policy accept;
            iifname "lo" accept
            ip saddr @blocked4 ip saddr != @never4 counter name refused drop
            ip6 saddr @blocked6 ip6 saddr != @never6 counter name refused drop
          }
          chain forward {
            type filter hook forward priority -300; policy accept;
            ip saddr @blocked4 ip saddr != @never4 counter name refused drop
            ip daddr @blocked4 ip daddr != @never4 counter name refused drop
            ip6 saddr @blocked6 ip6 saddr != @never6 counter name refused drop
            ip6 daddr @blocked6 ip6 daddr != @never6 counter name refused drop
          }
        }
        """);
    writeElements(out, "never4", false, list.never());
    writeElements(out, "never6", true, list.never());
    writeBlocked(out);
  }

  /// The addresses once more, in the table that is there: what it has counted stays.
  void writeAgain(Appendable out) throws IOException {
    for (String set : List.of("blocked4", "blocked6")) {
      out.append("flush set inet " + TABLE + " " + set + "\n");
    }
    writeBlocked(out);
  }

  private static void set(Appendable out, String name, String type, String flags)
      throws IOException {
    out.append("  set " + name + " { type " + type + "; flags " + flags + "; }\n");
  }

  private void writeBlocked(Appendable out) throws IOException {
    writeElements(out, "blocked4", false, list.blocked());
    writeElements(out, "blocked6", true, list.blocked());
  }

  private void writeElements(Appendable out, String set, boolean ipv6, List<AddressRange> ranges)
      throws IOException {
    boolean first = true;
    for (AddressRange range : ranges) {
      if (range.ipv6() == ipv6 && isMeant(range)) {
        out.append(first ? "add element inet " + TABLE + " " + set + " {\n" : ",\n");
        out.append(range.toString());
        if (set.startsWith("blocked")) {
          long seconds = Math.min(LEASE.toSeconds(), range.untilSeconds() - nowSeconds);
          out.append(" timeout " + seconds + "s");
        }
        first = false;
      }
    }
    if (!first) {
      out.append(" }\n");
    }
  }
}
