package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Process events of the whole host, told after the fact (netlink proc connector).
///
/// One thread receives; not thread-safe. Accessors speak of the last event received. Only [#comm()]
/// allocates. Needs the initial namespaces and `CAP_NET_ADMIN`.
public final class ProcConnector implements AutoCloseable {
  /// What happened to a process.
  public enum Kind {
    /// A process or thread was made: a thread if [ProcConnector#pid()] is its parent's.
    FORK,
    /// It runs another program now.
    EXEC,
    /// It ended, or one of its threads did: the process if [ProcConnector#threadId()] is its pid.
    EXIT,
    /// Its user id changed.
    UID,
    /// Its group id changed.
    GID,
    /// Another process attached to it to trace it, or let it go.
    PTRACE,
    /// It took another short name.
    COMM,
    /// Anything else, or not for us.
    OTHER
  }

  /// `struct nlmsghdr`, `struct cn_msg` and the start of `struct proc_event`, one after the other.
  static final int CN_MSG_BYTES = 20;

  static final int CN_IDX = 0;
  static final int CN_VAL = 4;
  static final int CN_SEQ = 8;
  static final int CN_LEN = 16;
  static final int PROC_WHAT = 0;
  static final int PROC_CPU = 4;
  static final int PROC_TIMESTAMP = 8;
  static final int PROC_DATA = 16;

  /// Offsets in the union of `struct proc_event`.
  static final int PROCESS_PID = 0;

  static final int PROCESS_TGID = 4;
  static final int FORK_PARENT_TGID = 4;
  static final int FORK_CHILD_PID = 8;
  static final int FORK_CHILD_TGID = 12;
  static final int ID_R = 8;
  static final int ID_E = 12;
  static final int PTRACE_TRACER_TGID = 12;
  static final int COMM_TEXT = 8;
  static final int EXIT_CODE = 8;
  static final int EXIT_PARENT_TGID = 20;

  private static final int COMM_BYTES = 16;
  static final int PROC_EVENT_FORK = 0x1;
  static final int PROC_EVENT_EXEC = 0x2;
  static final int PROC_EVENT_UID = 0x4;
  static final int PROC_EVENT_GID = 0x40;
  static final int PROC_EVENT_PTRACE = 0x100;
  static final int PROC_EVENT_COMM = 0x200;
  static final int PROC_EVENT_EXIT = 0x80000000;

  private static final int NETLINK_CONNECTOR = 11;
  private static final int NLMSG_DONE = 3;
  private static final int CN_IDX_PROC = 1;
  private static final int CN_VAL_PROC = 1;
  private static final int PROC_CN_MCAST_LISTEN = 1;

  private static final int BUFFER_BYTES = 256;
  private static final int HEAD = NetlinkSocket.NLMSGHDR_BYTES;
  private static final int EVENT = HEAD + CN_MSG_BYTES;
  private static final int DATA = EVENT + PROC_DATA;
  private static final int MIN_EVENT_BYTES = DATA + Long.BYTES;
  private static final int MAX_CPUS = 8192;
  private static final long UNSEEN = -1;

  private final NetlinkSocket socket;
  private final MemorySegment buffer;

  /// For each processor the sequence number that comes next, as an unsigned 32-bit value.
  private long[] expected = new long[0];

  private Kind kind = Kind.OTHER;
  private long lostEvents;

  private ProcConnector(NetlinkSocket socket) {
    this.socket = socket;
    buffer = socket.buffer();
  }

  /// Starts to listen.
  ///
  /// @param receiveBufferBytes how much the kernel keeps for us; an event takes about 1 KiB there
  /// @throws LinuxException EPERM without `CAP_NET_ADMIN`, EPROTONOSUPPORT or ECONNREFUSED without
  ///   the connector or outside the initial namespaces
  public static ProcConnector open(int receiveBufferBytes) {
    ProcConnector connector =
        new ProcConnector(
            NetlinkSocket.open(NETLINK_CONNECTOR, CN_IDX_PROC, receiveBufferBytes, BUFFER_BYTES));
    try {
      connector.socket.send(connector.fillListenRequest());
      return connector;
    } catch (LinuxException e) {
      connector.close();
      throw e;
    }
  }

  private int fillListenRequest() {
    int length = EVENT + Integer.BYTES;
    buffer.fill((byte) 0);
    buffer.set(JAVA_INT, NetlinkSocket.NLMSGHDR_LEN, length);
    buffer.set(JAVA_SHORT, NetlinkSocket.NLMSGHDR_TYPE, (short) NLMSG_DONE);
    buffer.set(JAVA_INT, HEAD + CN_IDX, CN_IDX_PROC);
    buffer.set(JAVA_INT, HEAD + CN_VAL, CN_VAL_PROC);
    buffer.set(JAVA_SHORT, HEAD + CN_LEN, (short) Integer.BYTES);
    buffer.set(JAVA_INT, EVENT, PROC_CN_MCAST_LISTEN);
    return length;
  }

  /// Takes the next event.
  ///
  /// @param wait whether to block until there is one
  /// @return 0, or a negative [Errno] value: EAGAIN if none waits, ENOBUFS if the kernel had to
  ///   drop events (later ones are still received; look at `/proc` again), EINTR
  public int receive(boolean wait) {
    int result = socket.receive(wait);
    if (result >= 0) {
      kind = isForUs(result) ? parseKind() : Kind.OTHER;
    }
    return Math.min(result, 0);
  }

  private boolean isForUs(int length) {
    return length >= MIN_EVENT_BYTES
        && buffer.get(JAVA_INT, HEAD + CN_IDX) == CN_IDX_PROC
        && buffer.get(JAVA_INT, HEAD + CN_VAL) == CN_VAL_PROC;
  }

  private Kind parseKind() {
    int what = buffer.get(JAVA_INT, EVENT + PROC_WHAT);
    // The answer to somebody else's request to listen counts too: the kernel numbers it as an
    // event.
    countGap(
        buffer.get(JAVA_INT, EVENT + PROC_CPU),
        Integer.toUnsignedLong(buffer.get(JAVA_INT, HEAD + CN_SEQ)));
    return switch (what) {
      case PROC_EVENT_FORK -> Kind.FORK;
      case PROC_EVENT_EXEC -> Kind.EXEC;
      case PROC_EVENT_UID -> Kind.UID;
      case PROC_EVENT_GID -> Kind.GID;
      case PROC_EVENT_PTRACE -> Kind.PTRACE;
      case PROC_EVENT_COMM -> Kind.COMM;
      case PROC_EVENT_EXIT -> Kind.EXIT;
      default -> Kind.OTHER;
    };
  }

  private void countGap(int cpu, long sequence) {
    if (cpu < 0 || cpu >= MAX_CPUS) {
      return;
    }
    if (cpu >= expected.length) {
      int known = expected.length;
      expected = Arrays.copyOf(expected, cpu + 1);
      Arrays.fill(expected, known, expected.length, UNSEEN);
    }
    if (expected[cpu] != UNSEEN) {
      lostEvents += (sequence - expected[cpu]) & 0xFFFFFFFFL;
    }
    expected[cpu] = (sequence + 1) & 0xFFFFFFFFL;
  }

  /// Waits until there is something to [#receive].
  ///
  /// @param timeoutMillis how long at most; -1 for ever
  public void await(int timeoutMillis) {
    socket.await(timeoutMillis);
  }

  /// The descriptor, for a [Poller].
  public int descriptor() {
    return socket.descriptor();
  }

  /// How many events never came, by the gaps in the processors' sequence numbers.
  public long lostEvents() {
    return lostEvents;
  }

  /// How often the kernel said that it had to drop events.
  public long overruns() {
    return socket.overruns();
  }

  public Kind kind() {
    return kind;
  }

  /// When it happened, in nanoseconds on the clock of [System#nanoTime] (`CLOCK_MONOTONIC`).
  public long timestampNanos() {
    return buffer.get(JAVA_LONG_UNALIGNED, EVENT + PROC_TIMESTAMP);
  }

  /// The process; for [Kind#FORK] the new one.
  public int pid() {
    return data(kind == Kind.FORK ? FORK_CHILD_TGID : PROCESS_TGID);
  }

  /// The thread; for [Kind#FORK] the new one.
  public int threadId() {
    return data(kind == Kind.FORK ? FORK_CHILD_PID : PROCESS_PID);
  }

  /// The parent process, for [Kind#FORK] and [Kind#EXIT]; otherwise -1.
  public int parentPid() {
    return switch (kind) {
      case FORK -> data(FORK_PARENT_TGID);
      case EXIT -> data(EXIT_PARENT_TGID);
      case EXEC, UID, GID, PTRACE, COMM, OTHER -> -1;
    };
  }

  /// The status as `wait(2)` encodes it, for [Kind#EXIT]; otherwise -1.
  public int exitStatus() {
    return kind == Kind.EXIT ? data(EXIT_CODE) : -1;
  }

  /// The real id now: the user's for [Kind#UID], the group's for [Kind#GID]; otherwise -1.
  public int realId() {
    return kind == Kind.UID || kind == Kind.GID ? data(ID_R) : -1;
  }

  /// The effective id now: the user's for [Kind#UID], the group's for [Kind#GID]; otherwise -1.
  public int effectiveId() {
    return kind == Kind.UID || kind == Kind.GID ? data(ID_E) : -1;
  }

  /// The process that traces it now, for [Kind#PTRACE]; 0 if none does, otherwise -1.
  public int tracerPid() {
    return kind == Kind.PTRACE ? data(PTRACE_TRACER_TGID) : -1;
  }

  /// The short name now, for [Kind#COMM]; otherwise empty.
  public String comm() {
    return kind == Kind.COMM ? CString.decodeUntilNul(buffer, DATA + COMM_TEXT, COMM_BYTES) : "";
  }

  private int data(int offset) {
    return buffer.get(JAVA_INT, DATA + offset);
  }

  /// Stops to listen. The receiving thread must have returned.
  @Override
  public void close() {
    socket.close();
  }
}
