package redoubt.core.linux;

/// The filter of a socket that lets through the UDP packets from or to one port, in the kernel's
/// classic filter language (`linux/filter.h`). A packet begins with its IP header there.
final class PortFilter {
  /// `BPF_LD | BPF_H | BPF_ABS` and relatives.
  private static final int LOAD_HALF = 0x28;

  private static final int LOAD_BYTE = 0x30;
  private static final int LOAD_HALF_FROM_X = 0x48;

  /// `BPF_LDX | BPF_B | BPF_MSH`: four times the lower half of a byte, into X.
  private static final int LOAD_HEADER_LENGTH = 0xB1;

  private static final int JUMP_EQUAL = 0x15;
  private static final int JUMP_ANY_BIT = 0x45;
  private static final int RETURN = 0x06;

  /// `SKF_AD_OFF + SKF_AD_PROTOCOL`: not of the packet, but what the interface says that it is.
  private static final int PROTOCOL = -0x1000;

  private static final int UDP = 17;
  private static final int IPV4_FRAGMENT = 6;
  private static final int IPV4_PROTOCOL = 9;
  private static final int FRAGMENT_OFFSET_BITS = 0x1FFF;
  private static final int IPV6_NEXT_HEADER = 6;
  private static final int IPV6_HEADER_BYTES = 40;

  /// The last two instructions.
  private static final int REFUSE = 18;

  private static final int ACCEPT = 19;
  private static final int IPV6 = 11;

  private PortFilter() {}

  /// The program, an instruction in each number as `struct sock_filter` has it in memory.
  static long[] program(int port) {
    return new long[] {
      step(LOAD_HALF, PROTOCOL),
      jump(1, JUMP_EQUAL, PacketTap.ETH_P_IP, 2, IPV6),
      step(LOAD_BYTE, IPV4_PROTOCOL),
      jump(3, JUMP_EQUAL, UDP, 4, REFUSE),
      step(LOAD_HALF, IPV4_FRAGMENT),
      jump(5, JUMP_ANY_BIT, FRAGMENT_OFFSET_BITS, REFUSE, 6),
      step(LOAD_HEADER_LENGTH, 0),
      step(LOAD_HALF_FROM_X, 0),
      jump(8, JUMP_EQUAL, port, ACCEPT, 9),
      step(LOAD_HALF_FROM_X, Short.BYTES),
      jump(10, JUMP_EQUAL, port, ACCEPT, REFUSE),
      jump(IPV6, JUMP_EQUAL, PacketTap.ETH_P_IPV6, 12, REFUSE),
      step(LOAD_BYTE, IPV6_NEXT_HEADER),
      jump(13, JUMP_EQUAL, UDP, 14, REFUSE),
      step(LOAD_HALF, IPV6_HEADER_BYTES),
      jump(15, JUMP_EQUAL, port, ACCEPT, 16),
      step(LOAD_HALF, IPV6_HEADER_BYTES + Short.BYTES),
      jump(17, JUMP_EQUAL, port, ACCEPT, REFUSE),
      step(RETURN, 0),
      step(RETURN, PacketTap.PACKET_BYTES),
    };
  }

  /// @param at which instruction this is; where it goes on is counted from the next one
  private static long jump(int at, int code, int value, int ifTrue, int ifFalse) {
    return step(code, value) | (long) (ifTrue - at - 1) << 16 | (long) (ifFalse - at - 1) << 24;
  }

  private static long step(int code, int value) {
    return code | (long) value << Integer.SIZE;
  }
}
