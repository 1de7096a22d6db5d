package redoubt.core.linux;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Endpoint;
import redoubt.core.model.Octets;

/// A UDP packet that was seen on an interface. Immutable.
///
/// @param outgoing whether this host sent it
/// @param loopback whether it stays within this host
/// @param payload what it carries, as much of it as was seen
public record UdpPacket(
    boolean outgoing, boolean loopback, Endpoint source, Endpoint destination, Octets payload) {
  private static final int UDP = 17;
  private static final int UDP_HEADER_BYTES = 8;
  private static final int UDP_LENGTH = 4;

  /// Offsets in the header of IPv4 (RFC 791) and IPv6 (RFC 8200).
  private static final int IPV4_LEAST_BYTES = 20;

  private static final int IPV4_PROTOCOL = 9;
  private static final int IPV4_SOURCE = 12;
  private static final int IPV4_ADDRESS_BYTES = 4;
  private static final int IPV6_BYTES = 40;
  private static final int IPV6_NEXT_HEADER = 6;
  private static final int IPV6_SOURCE = 8;
  private static final int IPV6_ADDRESS_BYTES = 16;

  /// Reads the two headers, which the kernel has looked at before.
  ///
  /// @param packet from the IP header on
  /// @return null if it is none
  static @Nullable UdpPacket parse(boolean outgoing, boolean loopback, byte[] packet) {
    if (packet.length < IPV4_LEAST_BYTES) {
      return null;
    }
    boolean ipv4 = packet[0] >> 4 == 4;
    int header = ipv4 ? (packet[0] & 0xF) * Integer.BYTES : IPV6_BYTES;
    int addressBytes = ipv4 ? IPV4_ADDRESS_BYTES : IPV6_ADDRESS_BYTES;
    int from = ipv4 ? IPV4_SOURCE : IPV6_SOURCE;
    if ((!ipv4 && packet[0] >> 4 != 6)
        || header < from + 2 * addressBytes
        || packet.length < header + UDP_HEADER_BYTES
        || packet[ipv4 ? IPV4_PROTOCOL : IPV6_NEXT_HEADER] != UDP) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(packet);
    int length = Short.toUnsignedInt(bytes.getShort(header + UDP_LENGTH));
    int payload =
        Math.clamp(length - UDP_HEADER_BYTES, 0, packet.length - header - UDP_HEADER_BYTES);
    return new UdpPacket(
        outgoing,
        loopback,
        end(bytes, from, addressBytes, header),
        end(bytes, from + addressBytes, addressBytes, header + Short.BYTES),
        Octets.of(slice(bytes, header + UDP_HEADER_BYTES, payload)));
  }

  private static Endpoint end(ByteBuffer bytes, int address, int addressBytes, int port) {
    return Endpoint.of(
        slice(bytes, address, addressBytes), Short.toUnsignedInt(bytes.getShort(port)));
  }

  private static byte[] slice(ByteBuffer bytes, int from, int length) {
    byte[] slice = new byte[length];
    bytes.get(from, slice);
    return slice;
  }
}
