package redoubt.agent.blocklist;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Addresses of one kind, one after the other, and until when they are meant. Immutable.
///
/// @param ipv6 whether they are of IPv6
/// @param first the first
/// @param last the last, not before the first
/// @param untilSeconds seconds since the epoch, [#ALWAYS] if there is no end
public record AddressRange(boolean ipv6, AddressPoint first, AddressPoint last, long untilSeconds) {
  static final long ALWAYS = Long.MAX_VALUE;

  private static final Pattern TEXT =
      Pattern.compile(
          "(?:([0-9]{1,3}(?:\\.[0-9]{1,3}){3})|([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*))(?:/([0-9]{1,3}))?");

  /// As they lie, the wider of two that begin alike first.
  private static final Comparator<AddressRange> AS_THEY_LIE =
      Comparator.comparing(AddressRange::first)
          .thenComparing(AddressRange::last, Comparator.reverseOrder());

  /// Reads an address or a network, such as `192.0.2.0/24`. Nobody is asked for names.
  ///
  /// @throws IllegalArgumentException saying what is wrong, if it is none
  public static AddressRange parse(String text) {
    return parse(text, ALWAYS);
  }

  static AddressRange parse(String text, long untilSeconds) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not an address or a network");
    }
    boolean ipv6 = matcher.group(1) == null;
    InetAddress address;
    try {
      address = InetAddress.ofLiteral(ipv6 ? matcher.group(2) : matcher.group(1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not an address", e);
    }
    if (ipv6 != address instanceof java.net.Inet6Address) {
      throw new IllegalArgumentException("an IPv4 address in the clothes of IPv6");
    }
    int bits = ipv6 ? AddressPoint.IPV6_BITS : AddressPoint.IPV4_BITS;
    int prefix = matcher.group(3) == null ? bits : Integer.parseInt(matcher.group(3));
    AddressPoint first = AddressPoint.of(address);
    if (prefix > bits) {
      throw new IllegalArgumentException("no network has so many bits: bits=" + prefix);
    }
    if (!first.begins(prefix, ipv6)) {
      throw new IllegalArgumentException("not the first address of its network");
    }
    return new AddressRange(ipv6, first, first.lastOf(prefix, ipv6), untilSeconds);
  }

  static AddressRange of(InetAddress address) {
    AddressPoint point = AddressPoint.of(address);
    return new AddressRange(address instanceof java.net.Inet6Address, point, point, ALWAYS);
  }

  boolean contains(AddressRange other) {
    return ipv6 == other.ipv6 && !other.first.isBefore(first) && !last.isBefore(other.last);
  }

  boolean overlaps(AddressRange other) {
    return ipv6 == other.ipv6 && !other.last.isBefore(first) && !last.isBefore(other.first);
  }

  /// Whether it is wider than a network of so many bits.
  boolean isWiderThan(int prefix) {
    return first.begins(prefix, ipv6) && first.lastOf(prefix, ipv6).isBefore(last);
  }

  /// The same addresses in ranges of which no two have one in common, each until the last moment at
  /// which any of those given has it.
  ///
  /// @param networks of one kind: of two that meet, one lies within the other
  static List<AddressRange> apart(List<AddressRange> networks) {
    Sweep sweep = new Sweep();
    networks.stream().sorted(AS_THEY_LIE).forEach(sweep::take);
    return sweep.end();
  }

  /// Goes over networks as they lie; those that it is within stand on one another.
  private static final class Sweep {
    private final List<AddressRange> found = new ArrayList<>();
    private final Deque<AddressRange> within = new ArrayDeque<>();
    private AddressPoint at = new AddressPoint(0, 0);

    void take(AddressRange next) {
      while (!within.isEmpty() && within.peek().last.isBefore(next.first)) {
        leave();
      }
      long until = next.untilSeconds;
      if (!within.isEmpty()) {
        AddressRange around = within.peek();
        if (at.isBefore(next.first)) {
          add(around, next.first.previous());
        }
        until = Math.max(until, around.untilSeconds);
      }
      at = next.first;
      within.push(new AddressRange(next.ipv6, next.first, next.last, until));
    }

    private void leave() {
      AddressRange left = within.pop();
      if (!left.last.isBefore(at)) {
        add(left, left.last);
        at = left.last.next();
      }
    }

    private void add(AddressRange from, AddressPoint last) {
      if (!found.isEmpty()) {
        AddressRange before = found.getLast();
        if (before.untilSeconds == from.untilSeconds && before.last.next().equals(at)) {
          found.removeLast();
          found.add(new AddressRange(from.ipv6, before.first, last, from.untilSeconds));
          return;
        }
      }
      found.add(new AddressRange(from.ipv6, at, last, from.untilSeconds));
    }

    List<AddressRange> end() {
      // One that ends with the last address of all has none after it.
      AddressPoint beyond = new AddressPoint(0, 0);
      while (!within.isEmpty()) {
        leave();
        if (at.equals(beyond)) {
          break;
        }
      }
      return found;
    }
  }

  /// As the packet filter writes it.
  @Override
  public String toString() {
    String begin = first.text(ipv6);
    return first.equals(last) ? begin : begin + "-" + last.text(ipv6);
  }
}
