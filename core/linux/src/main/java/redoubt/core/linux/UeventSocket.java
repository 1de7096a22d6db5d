package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import org.jspecify.annotations.Nullable;

/// Hears what the kernel says of devices and modules (netlink, `NETLINK_KOBJECT_UEVENT`).
///
/// One thread receives; not thread-safe. Of devices that belong to a network namespace only those
/// of this one are told. Needs `CAP_NET_ADMIN`.
public final class UeventSocket implements AutoCloseable {
  private static final int NETLINK_KOBJECT_UEVENT = 15;
  private static final int KERNEL_GROUP = 1;

  /// `UEVENT_BUFFER_SIZE` is 2,048, and the first line comes before it.
  private static final int MESSAGE_BYTES = 8_192;

  private final NetlinkSocket socket;

  private UeventSocket(NetlinkSocket socket) {
    this.socket = socket;
  }

  /// Begins to hear.
  ///
  /// @param receiveBufferBytes how much the kernel keeps for us
  /// @throws LinuxException EPERM without `CAP_NET_ADMIN`
  public static UeventSocket open(int receiveBufferBytes) {
    return new UeventSocket(
        NetlinkSocket.open(
            NETLINK_KOBJECT_UEVENT, KERNEL_GROUP, receiveBufferBytes, MESSAGE_BYTES));
  }

  /// Waits until there is something to [#receive].
  ///
  /// @param timeoutMillis how long at most; -1 for ever
  /// @return whether there may be
  public boolean await(int timeoutMillis) {
    return socket.await(timeoutMillis);
  }

  /// Takes the next message; does not block.
  ///
  /// @return null if none waits
  public @Nullable Uevent receive() {
    int length = socket.next(1);
    return length < 0 ? null : Uevent.parse(socket.buffer().asSlice(0, length).toArray(JAVA_BYTE));
  }

  /// How often the kernel had to drop messages.
  public long overruns() {
    return socket.overruns();
  }

  @Override
  public void close() {
    socket.close();
  }
}
