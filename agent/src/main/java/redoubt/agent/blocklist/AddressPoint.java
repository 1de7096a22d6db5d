package redoubt.agent.blocklist;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/// An address as a number of 128 bits; one of IPv4 fills the lowest 32. Immutable.
///
/// @param high the upper 64 bits, unsigned
/// @param low the lower 64 bits, unsigned
record AddressPoint(long high, long low) implements Comparable<AddressPoint> {
  static final int IPV4_BITS = 32;
  static final int IPV6_BITS = 128;
  private static final int HALF = 64;
  private static final int IPV4_BYTES = 4;

  static AddressPoint of(InetAddress address) {
    byte[] bytes = address.getAddress();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return bytes.length == IPV4_BYTES
        ? new AddressPoint(0, Integer.toUnsignedLong(buffer.getInt()))
        : new AddressPoint(buffer.getLong(), buffer.getLong());
  }

  /// The last address of the network of `prefix` bits that begins here.
  AddressPoint lastOf(int prefix, boolean ipv6) {
    int free = (ipv6 ? IPV6_BITS : IPV4_BITS) - prefix;
    return new AddressPoint(high | lowest(free - HALF), low | lowest(free));
  }

  /// Whether the network of `prefix` bits begins here.
  boolean begins(int prefix, boolean ipv6) {
    int free = (ipv6 ? IPV6_BITS : IPV4_BITS) - prefix;
    return (high & lowest(free - HALF)) == 0 && (low & lowest(free)) == 0;
  }

  private static long lowest(int bits) {
    return bits <= 0 ? 0 : bits >= HALF ? -1 : (1L << bits) - 1;
  }

  AddressPoint next() {
    return new AddressPoint(low == -1 ? high + 1 : high, low + 1);
  }

  AddressPoint previous() {
    return new AddressPoint(low == 0 ? high - 1 : high, low - 1);
  }

  boolean isBefore(AddressPoint other) {
    return compareTo(other) < 0;
  }

  @Override
  public int compareTo(AddressPoint other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh == 0 ? Long.compareUnsigned(low, other.low) : byHigh;
  }

  String text(boolean ipv6) {
    ByteBuffer bytes =
        ipv6
            ? ByteBuffer.allocate(Long.BYTES * 2).putLong(high).putLong(low)
            : ByteBuffer.allocate(Integer.BYTES).putInt((int) low);
    try {
      return InetAddress.getByAddress(bytes.array()).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("bug: an address of a wrong length", e);
    }
  }
}
