package redoubt.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// A connected Unix socket that carries bytes in order, without boundaries, and descriptors beside
/// them (`SOCK_STREAM`, `SCM_RIGHTS`).
///
/// For the thread that made it.
public final class StreamSocket implements AutoCloseable {
  /// The most bytes of one [#send].
  public static final int MAX_SENT_BYTES = 4096;

  /// The most bytes of one [#receive].
  public static final int MAX_RECEIVED_BYTES = 4096;

  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int[] NONE = {};

  private final OwnedDescriptor descriptor;

  @SuppressWarnings("MustBeClosedChecker") // closed with [#outgoing]
  private final Arena arena = Arena.ofConfined();

  private final SendBuffer outgoing = new SendBuffer(arena, MAX_SENT_BYTES, 1);
  private final MemorySegment incoming = arena.allocate(MAX_RECEIVED_BYTES);

  private StreamSocket(int descriptor) {
    this.descriptor = new OwnedDescriptor(descriptor);
  }

  /// Connects to the socket at `path`.
  ///
  /// @param limitMillis how long this, and each [#send] and [#receive] later, may wait; 0 for no
  ///   limit
  /// @throws LinuxException ENOENT or ECONNREFUSED if nobody listens, EACCES without the right,
  ///   EPROTOTYPE if the socket is of another type, EAGAIN if nobody took the connection in time
  public static StreamSocket connect(Path path, int limitMillis) {
    int descriptor = UnixSocket.create(UnixSocket.SOCK_STREAM);
    try {
      UnixSocket.limit(descriptor, UnixSocket.SO_SNDTIMEO, limitMillis);
      UnixSocket.limit(descriptor, UnixSocket.SO_RCVTIMEO, limitMillis);
      UnixSocket.connect(descriptor, path);
      return new StreamSocket(descriptor);
    } catch (LinuxException e) {
      Descriptors.close(descriptor);
      throw e;
    }
  }

  /// Changes how long each [#receive] may wait.
  ///
  /// @param millis 0 for no limit
  public void receiveLimit(int millis) {
    UnixSocket.limit(descriptor.number(), UnixSocket.SO_RCVTIMEO, millis);
  }

  /// Sends bytes, all of them or none.
  ///
  /// @param data 1 to [#MAX_SENT_BYTES]
  /// @return 0, or a negative [Errno] value: EAGAIN if there was no room within the time limit,
  ///   EPIPE or ECONNRESET if the peer is gone
  public int send(byte[] data) {
    return send(data, NONE);
  }

  /// As [#send(byte[])], with a descriptor beside the bytes, which stays open here.
  ///
  /// @return as there, and EBADF for a bad descriptor
  public int send(byte[] data, int passed) {
    return send(data, new int[] {passed});
  }

  private int send(byte[] data, int[] descriptors) {
    MessageHeader header = outgoing.fill(data, data.length, descriptors, descriptors.length);
    int result;
    do {
      result = SystemCall.SENDMSG.call(descriptor.number(), header.address(), MSG_NOSIGNAL);
    } while (result == -Errno.EINTR);
    // So few bytes go into one buffer of the kernel's, or none of them do.
    return Math.min(0, result);
  }

  /// Waits for bytes, and takes as many as are there and find room; descriptors beside them are not
  /// taken.
  ///
  /// @return how many, 0 if the peer has ended the conversation, or a negative [Errno] value:
  ///   EAGAIN if none came within the time limit, ECONNRESET if the peer closed with bytes unread
  public int receive(byte[] into) {
    int most = Math.min(into.length, MAX_RECEIVED_BYTES);
    int result;
    do {
      result = SystemCall.READ.call(descriptor.number(), incoming.address(), most);
    } while (result == -Errno.EINTR);
    if (result > 0) {
      MemorySegment.copy(incoming, ValueLayout.JAVA_BYTE, 0, into, 0, result);
    }
    return result;
  }

  @Override
  public void close() {
    descriptor.close();
    outgoing.close();
  }
}
