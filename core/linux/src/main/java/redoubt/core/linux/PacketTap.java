package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Sees the UDP packets of one port in this network namespace, on every interface (`AF_PACKET`).
/// The kernel picks them, with a classic filter of sockets; no packet waits for us.
///
/// One thread receives; not thread-safe. Needs `CAP_NET_RAW`.
public final class PacketTap implements AutoCloseable {
  /// The longest packet that is seen whole, in bytes from the IP header on.
  public static final int PACKET_BYTES = 4_096 + 60 + 8;

  /// `struct sockaddr_ll`.
  static final int SOCKADDR_LL_BYTES = 20;

  static final int SLL_PROTOCOL = 2;
  static final int SLL_HATYPE = 8;
  static final int SLL_PKTTYPE = 10;

  /// `struct sock_fprog` and `struct sock_filter`.
  static final int SOCK_FPROG_BYTES = 16;

  static final int FPROG_LEN = 0;
  static final int FPROG_FILTER = 8;
  static final int SOCK_FILTER_BYTES = 8;

  /// `struct tpacket_stats`.
  static final int TPACKET_STATS_BYTES = 8;

  static final int TP_DROPS = 4;

  static final short AF_PACKET = 17;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  static final int SOL_PACKET = 263;
  static final int PACKET_STATISTICS = 6;
  static final int SO_ATTACH_FILTER = 26;
  static final int ETH_P_ALL = 3;
  static final int ETH_P_IP = 0x0800;
  static final int ETH_P_IPV6 = 0x86DD;
  static final int PACKET_HOST = 0;
  static final int PACKET_OUTGOING = 4;
  static final int ARPHRD_LOOPBACK = 772;
  static final int MSG_DONTWAIT = 0x40;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer = arena.allocate(PACKET_BYTES, Long.BYTES);
  private final MemorySegment sender = arena.allocate(SOCKADDR_LL_BYTES, Long.BYTES);
  private final MemorySegment length = arena.allocate(JAVA_INT);
  private final OwnedDescriptor descriptor;
  private long lost;

  private PacketTap(int descriptor) {
    this.descriptor = new OwnedDescriptor(descriptor);
  }

  /// Begins to see.
  ///
  /// @param port from or to which packets go
  /// @throws LinuxException EPERM without `CAP_NET_RAW`, EAFNOSUPPORT if this kernel has no such
  ///   sockets
  public static PacketTap open(int port) {
    // Nothing is received until it is bound, so nothing comes past the filter.
    PacketTap tap =
        new PacketTap(
            SystemCall.SOCKET.require(
                SystemCall.SOCKET.call(AF_PACKET, SOCK_DGRAM_CLOEXEC, 0), "family=packet"));
    try {
      tap.attach(PortFilter.program(port));
      tap.bind();
      return tap;
    } catch (LinuxException e) {
      tap.close();
      throw e;
    }
  }

  private void attach(long[] program) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment filter = scratch.allocateFrom(JAVA_LONG, program);
      MemorySegment fprog = scratch.allocate(SOCK_FPROG_BYTES, Long.BYTES);
      fprog.set(JAVA_SHORT, FPROG_LEN, (short) program.length);
      fprog.set(JAVA_LONG, FPROG_FILTER, filter.address());
      SystemCall.SETSOCKOPT.require(
          SystemCall.SETSOCKOPT.call(
              descriptor.number(),
              UnixSocket.SOL_SOCKET,
              SO_ATTACH_FILTER,
              fprog.address(),
              SOCK_FPROG_BYTES),
          "option=SO_ATTACH_FILTER");
    }
  }

  private void bind() {
    sender.fill((byte) 0);
    sender.set(JAVA_SHORT, 0, AF_PACKET);
    sender.set(JAVA_SHORT, SLL_PROTOCOL, Short.reverseBytes((short) ETH_P_ALL));
    SystemCall.BIND.require(
        SystemCall.BIND.call(descriptor.number(), sender.address(), SOCKADDR_LL_BYTES),
        "family=packet");
  }

  /// Waits until there is something to [#receive].
  ///
  /// @param timeoutMillis how long at most; -1 for ever
  /// @return whether there may be
  public boolean await(int timeoutMillis) {
    return DescriptorWait.await(descriptor.number(), DescriptorWait.POLLIN, timeoutMillis) > 0;
  }

  /// Takes packets that wait until one is worth telling: not the second sight of one that stays
  /// within this host, and none that only passes through.
  ///
  /// @return the packet, or null if none waits
  public @Nullable UdpPacket receive() {
    while (true) {
      length.set(JAVA_INT, 0, SOCKADDR_LL_BYTES);
      int bytes =
          SystemCall.RECVFROM.call(
              descriptor.number(),
              buffer.address(),
              PACKET_BYTES,
              MSG_DONTWAIT,
              sender.address(),
              length.address());
      if (bytes == -Errno.EINTR) {
        continue;
      }
      if (bytes < 0) {
        return null;
      }
      UdpPacket packet = packetOf(bytes);
      if (packet != null) {
        return packet;
      }
    }
  }

  private @Nullable UdpPacket packetOf(int bytes) {
    int type = sender.get(JAVA_BYTE, SLL_PKTTYPE);
    boolean outgoing = type == PACKET_OUTGOING;
    boolean loopback = sender.get(JAVA_SHORT, SLL_HATYPE) == ARPHRD_LOOPBACK;
    return outgoing || (type == PACKET_HOST && !loopback)
        ? UdpPacket.parse(outgoing, loopback, buffer.asSlice(0, bytes).toArray(JAVA_BYTE))
        : null;
  }

  /// How many packets the kernel had to drop because they were not received in time.
  public long lost() {
    MemorySegment scratch = buffer;
    length.set(JAVA_INT, 0, TPACKET_STATS_BYTES);
    int result =
        SystemCall.GETSOCKOPT.call(
            descriptor.number(),
            SOL_PACKET,
            PACKET_STATISTICS,
            scratch.address(),
            length.address());
    if (result >= 0) {
      // The kernel begins to count anew each time that it is asked.
      lost += Integer.toUnsignedLong(scratch.get(JAVA_INT, TP_DROPS));
    }
    return lost;
  }

  /// Stops to see. No thread may wait or receive any more.
  @Override
  public void close() {
    descriptor.close();
    arena.close();
  }
}
