package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// A connected Unix socket that keeps message boundaries and order, and carries descriptors
/// (`SOCK_SEQPACKET`, `SCM_RIGHTS`).
///
/// Thread-safe: sends take turns, receives take turns, and [#close()] waits for both after it has
/// woken them. Messages are at least one byte long, because an empty one means the end.
public final class SeqPacketSocket implements AutoCloseable {
  /// The longest message that this side sends; the kernel's send buffer may allow less (EMSGSIZE).
  public static final int MAX_MESSAGE_BYTES = 1 << 20;

  /// `struct ucred`.
  static final int UCRED_BYTES = 12;

  static final int UCRED_PID = 0;
  static final int UCRED_UID = 4;
  static final int UCRED_GID = 8;

  private static final int SO_PEERCRED = 17;
  private static final int SO_PEERPIDFD = 77;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;
  private static final int INITIAL_BYTES = 4096;

  private final ReentrantLock sending = new ReentrantLock();
  private final ReentrantLock receiving = new ReentrantLock();

  /// Held, never for long, by whoever uses the descriptor without one of the other locks.
  private final ReentrantLock closing = new ReentrantLock();

  private SendBuffer outgoing = new SendBuffer(INITIAL_BYTES);
  private volatile int descriptor;

  SeqPacketSocket(int descriptor) {
    this.descriptor = descriptor;
  }

  /// Connects to the socket at `path`; waits while its backlog is full.
  ///
  /// @throws LinuxException ENOENT or ECONNREFUSED if nobody listens, EACCES without the right
  public static SeqPacketSocket connect(Path path) {
    int descriptor = UnixSocket.create(UnixSocket.SOCK_SEQPACKET);
    try {
      UnixSocket.connect(descriptor, path);
      return new SeqPacketSocket(descriptor);
    } catch (LinuxException e) {
      Descriptors.close(descriptor);
      throw e;
    }
  }

  /// Two sockets connected to each other; the caller closes both.
  public static SeqPacketSocket[] pair() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment both = arena.allocate(JAVA_INT, 2);
      SystemCall.SOCKETPAIR.require(
          SystemCall.SOCKETPAIR.call(
              UnixSocket.AF_UNIX,
              UnixSocket.SOCK_SEQPACKET | UnixSocket.SOCK_CLOEXEC,
              0,
              both.address()),
          "");
      return new SeqPacketSocket[] {
        new SeqPacketSocket(both.get(JAVA_INT, 0)),
        new SeqPacketSocket(both.get(JAVA_INT, Integer.BYTES))
      };
    }
  }

  /// Who made the connection; for the one who made it, who listened.
  ///
  /// @throws LinuxException EBADF after [#close()]
  public PeerCredentials peer() {
    try (Arena memory = Arena.ofConfined()) {
      MemorySegment credentials = memory.allocate(UCRED_BYTES, Integer.BYTES);
      SystemCall.GETSOCKOPT.require(
          readOption(memory, SO_PEERCRED, credentials), "option=SO_PEERCRED");
      return new PeerCredentials(
          credentials.get(JAVA_INT, UCRED_PID),
          credentials.get(JAVA_INT, UCRED_UID),
          credentials.get(JAVA_INT, UCRED_GID));
    }
  }

  /// The process of [#peer()], which cannot be mistaken for a later one with its number; the caller
  /// closes it.
  ///
  /// @return empty before Linux 6.5 and if the process is gone
  public Optional<Pidfd> openPeer() {
    try (Arena memory = Arena.ofConfined()) {
      MemorySegment pidfd = memory.allocate(JAVA_INT);
      return readOption(memory, SO_PEERPIDFD, pidfd) < 0
          ? Optional.empty()
          : Optional.of(new Pidfd(pidfd.get(JAVA_INT, 0)));
    }
  }

  private int readOption(Arena memory, int option, MemorySegment into) {
    MemorySegment length = memory.allocateFrom(JAVA_INT, (int) into.byteSize());
    return SystemCall.GETSOCKOPT.call(
        descriptor, UnixSocket.SOL_SOCKET, option, into.address(), length.address());
  }

  /// Limits how long a waiting [#send] may block; it then fails with EAGAIN.
  ///
  /// @param millis 0 for no limit
  public void sendTimeout(int millis) {
    UnixSocket.limit(descriptor, UnixSocket.SO_SNDTIMEO, millis);
  }

  /// Sends one message, whole or not at all. The descriptors stay open here.
  ///
  /// @param length how much of `data` is the message, from 1 to [#MAX_MESSAGE_BYTES]
  /// @param descriptorCount how many of `descriptors` go with it, from 0 to 253
  /// @param wait whether to wait for room at the receiver
  /// @return 0, or a negative [Errno] value: EAGAIN if there is no room now or within the time
  ///   limit, EPIPE or ECONNRESET if the peer is gone, EMSGSIZE if the message does not fit the
  ///   send buffer, EBADF for a bad descriptor and after [#close()]
  public int send(byte[] data, int length, int[] descriptors, int descriptorCount, boolean wait) {
    if (length < 1
        || length > MAX_MESSAGE_BYTES
        || descriptorCount < 0
        || descriptorCount > ReceiveBuffer.MAX_DESCRIPTORS) {
      throw new IllegalArgumentException(
          "message out of range: length=" + length + " descriptorCount=" + descriptorCount);
    }
    sending.lock();
    try {
      return descriptor < 0
          ? -Errno.EBADF
          : sendLocked(data, length, descriptors, descriptorCount, wait);
    } finally {
      sending.unlock();
    }
  }

  private int sendLocked(
      byte[] data, int length, int[] descriptors, int descriptorCount, boolean wait) {
    ensureRoom(length);
    MessageHeader header = outgoing.fill(data, length, descriptors, descriptorCount);
    int flags = MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT);
    int result;
    do {
      result = SystemCall.SENDMSG.call(descriptor, header.address(), flags);
    } while (result == -Errno.EINTR);
    return Math.min(0, result);
  }

  /// Grows by doubling, so that a socket pays only for messages it really sends.
  private void ensureRoom(int length) {
    if (length > outgoing.maxBytes()) {
      outgoing.close();
      outgoing = new SendBuffer(Integer.highestOneBit(length - 1) * 2);
    }
  }

  /// Waits for the next message and takes it with its descriptors, which are close-on-exec.
  ///
  /// @return its length, 0 if the peer is gone or either side was shut down, or a negative [Errno]
  ///   value: EMSGSIZE if the message or its descriptors did not fit, or this process had no
  ///   descriptors left for them (it is lost and its descriptors are closed; later messages are not
  ///   affected), ECONNRESET if the peer closed with messages unread, EBADF after [#close()]
  public int receive(ReceiveBuffer buffer) {
    return receive(buffer, MSG_CMSG_CLOEXEC);
  }

  /// As [#receive(ReceiveBuffer)], without waiting.
  ///
  /// @return as there, and EAGAIN if no message waits
  public int receiveNow(ReceiveBuffer buffer) {
    return receive(buffer, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  }

  private int receive(ReceiveBuffer buffer, int flags) {
    receiving.lock();
    try {
      int result;
      do {
        MessageHeader header = buffer.prepare();
        result = SystemCall.RECVMSG.call(descriptor, header.address(), flags);
      } while (result == -Errno.EINTR);
      return result < 0 ? result : buffer.complete(result);
    } finally {
      receiving.unlock();
    }
  }

  /// The descriptor, for a [Poller]; -1 after [#close()].
  public int descriptor() {
    return descriptor;
  }

  /// Ends the conversation in both directions; whoever waits in [#receive] or [#send] returns, and
  /// so does the peer.
  public void shutdown() {
    closing.lock();
    try {
      SystemCall.SHUTDOWN.call(descriptor, UnixSocket.SHUT_RDWR);
    } finally {
      closing.unlock();
    }
  }

  /// Shuts down, waits for calls in progress to return, and closes. May be called again.
  @Override
  public void close() {
    shutdown();
    receiving.lock();
    sending.lock();
    closing.lock();
    try {
      if (descriptor >= 0) {
        Descriptors.close(descriptor);
        descriptor = -1;
        outgoing.close();
      }
    } finally {
      closing.unlock();
      sending.unlock();
      receiving.unlock();
    }
  }
}
