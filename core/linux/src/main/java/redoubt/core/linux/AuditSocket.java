package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import org.jspecify.annotations.Nullable;

/// Hears what the kernel's audit system records (netlink, its group for readers), beside the audit
/// daemon and without any effect on it.
///
/// One thread receives; not thread-safe. Needs `CAP_AUDIT_READ` and the initial user namespace.
public final class AuditSocket implements AutoCloseable {
  /// A record.
  ///
  /// @param type the kernel's number of such records
  /// @param text from `audit(` on
  public record Message(int type, String text) {}

  private static final int NETLINK_AUDIT = 9;
  private static final int AUDIT_NLGRP_READLOG = 1;

  /// `MAX_AUDIT_MESSAGE_LENGTH` is 8,970.
  private static final int MESSAGE_BYTES = 16_384;

  private final NetlinkSocket socket;

  private AuditSocket(NetlinkSocket socket) {
    this.socket = socket;
  }

  /// Begins to hear.
  ///
  /// @param receiveBufferBytes how much the kernel keeps for us
  /// @throws LinuxException EPERM without `CAP_AUDIT_READ`, EPROTONOSUPPORT if this kernel has no
  ///   audit
  public static AuditSocket open(int receiveBufferBytes) {
    return new AuditSocket(
        NetlinkSocket.open(NETLINK_AUDIT, AUDIT_NLGRP_READLOG, receiveBufferBytes, MESSAGE_BYTES));
  }

  /// Waits until there is something to [#receive].
  ///
  /// @param timeoutMillis how long at most; -1 for ever
  /// @return whether there may be
  public boolean await(int timeoutMillis) {
    return socket.await(timeoutMillis);
  }

  /// Takes the next record; does not block.
  ///
  /// @return null if none waits
  public @Nullable Message receive() {
    int head = NetlinkSocket.NLMSGHDR_BYTES;
    int length = socket.next(head);
    // The length in the header is not to be trusted: the kernel leaves its own header out.
    return length < 0
        ? null
        : new Message(
            Short.toUnsignedInt(socket.buffer().get(JAVA_SHORT, NetlinkSocket.NLMSGHDR_TYPE)),
            CString.decodeUntilNul(socket.buffer(), head, length - head));
  }

  /// How often the kernel had to drop records.
  public long overruns() {
    return socket.overruns();
  }

  @Override
  public void close() {
    socket.close();
  }
}
