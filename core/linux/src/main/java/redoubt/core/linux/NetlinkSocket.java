package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Receives what a part of the kernel tells a group of netlink.
///
/// One thread receives; not thread-safe. Allocates nothing after it was opened.
final class NetlinkSocket implements AutoCloseable {
  /// `struct nlmsghdr`, which most families begin a message with.
  static final int NLMSGHDR_BYTES = 16;

  static final int NLMSGHDR_LEN = 0;
  static final int NLMSGHDR_TYPE = 4;

  /// `struct sockaddr_nl`.
  static final int SOCKADDR_NL_BYTES = 12;

  static final int NL_PID = 4;
  static final int NL_GROUPS = 8;

  private static final short AF_NETLINK = 16;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int MSG_DONTWAIT = 0x40;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer;
  private final MemorySegment sender = arena.allocate(SOCKADDR_NL_BYTES, Long.BYTES);
  private final MemorySegment senderLength = arena.allocate(JAVA_INT);
  private final OwnedDescriptor descriptor;
  private long overruns;

  private NetlinkSocket(int descriptor, int messageBytes) {
    this.descriptor = new OwnedDescriptor(descriptor);
    buffer = arena.allocate(messageBytes, Long.BYTES);
  }

  /// Joins a group.
  ///
  /// @param family such as NETLINK_CONNECTOR
  /// @param group its number, from 1 to 32
  /// @param receiveBufferBytes how much the kernel keeps for us
  /// @param messageBytes the longest message; what is longer is cut
  /// @throws LinuxException EPERM without `CAP_NET_ADMIN`, EPROTONOSUPPORT if this kernel has no
  ///   such family
  static NetlinkSocket open(int family, int group, int receiveBufferBytes, int messageBytes) {
    NetlinkSocket socket =
        new NetlinkSocket(
            SystemCall.SOCKET.require(
                SystemCall.SOCKET.call(AF_NETLINK, SOCK_DGRAM_CLOEXEC, family), "family=netlink"),
            messageBytes);
    try {
      socket.join(1 << (group - 1), receiveBufferBytes);
      return socket;
    } catch (LinuxException e) {
      socket.close();
      throw e;
    }
  }

  private void join(int groups, int receiveBufferBytes) {
    buffer.set(JAVA_INT, 0, receiveBufferBytes);
    SystemCall.SETSOCKOPT.require(
        SystemCall.SETSOCKOPT.call(
            descriptor.number(),
            UnixSocket.SOL_SOCKET,
            SO_RCVBUFFORCE,
            buffer.address(),
            Integer.BYTES),
        "option=SO_RCVBUFFORCE");
    sender.set(JAVA_SHORT, 0, AF_NETLINK);
    sender.set(JAVA_INT, NL_GROUPS, groups);
    SystemCall.BIND.require(
        SystemCall.BIND.call(descriptor.number(), sender.address(), SOCKADDR_NL_BYTES),
        "groups=" + groups);
  }

  /// Sends what was written into the [#buffer] to the kernel.
  void send(int length) {
    SystemCall.SENDTO.require(
        SystemCall.SENDTO.call(descriptor.number(), buffer.address(), length, 0, 0, 0),
        "family=netlink");
  }

  /// Takes the next message into the [#buffer].
  ///
  /// @param wait whether to block until there is one
  /// @return its length, 0 if it is from somebody else than the kernel, or a negative [Errno]
  ///   value: EAGAIN if none waits, ENOBUFS if the kernel had to drop some (later ones are still
  ///   received), EINTR
  int receive(boolean wait) {
    senderLength.set(JAVA_INT, 0, SOCKADDR_NL_BYTES);
    int result =
        SystemCall.RECVFROM.call(
            descriptor.number(),
            buffer.address(),
            buffer.byteSize(),
            wait ? 0 : MSG_DONTWAIT,
            sender.address(),
            senderLength.address());
    if (result < 0) {
      overruns += result == -Errno.ENOBUFS ? 1 : 0;
      return result;
    }
    return sender.get(JAVA_INT, NL_PID) == 0 ? result : 0;
  }

  /// Takes the next message of the kernel that waits into the [#buffer], past what others sent and
  /// the word that some were dropped; does not block.
  ///
  /// @param least how long it is at least; shorter ones are passed over
  /// @return its length, or a negative [Errno] value if none waits
  int next(int least) {
    int length;
    do {
      length = receive(false);
    } while ((length >= 0 && length < least) || length == -Errno.ENOBUFS || length == -Errno.EINTR);
    return length;
  }

  /// Waits until there is something to [#receive].
  ///
  /// @param timeoutMillis how long at most; -1 for ever
  /// @return whether there may be
  boolean await(int timeoutMillis) {
    return DescriptorWait.await(descriptor.number(), DescriptorWait.POLLIN, timeoutMillis) > 0;
  }

  MemorySegment buffer() {
    return buffer;
  }

  int descriptor() {
    return descriptor.number();
  }

  /// How often the kernel said that it had to drop messages.
  long overruns() {
    return overruns;
  }

  /// Leaves the group. The receiving thread must have returned.
  @Override
  public void close() {
    descriptor.close();
    arena.close();
  }
}
