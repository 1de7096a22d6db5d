package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Waits for several descriptors at once, in several threads at once (`epoll`).
///
/// Level-triggered unless said otherwise: a descriptor is reported for as long as it is readable,
/// and one waiting thread is woken for it at a time. Another may be woken before the first has
/// read, so readers take "nothing there" (EAGAIN) as an ordinary answer. May be shared; each thread
/// waits through a [Wait] of its own.
public final class Poller implements AutoCloseable {
  private static final int EPOLL_CLOEXEC = 0x80000;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLLIN = 0x1;
  private static final long EPOLLET = 0x80000000L;

  static final int EVENT_BYTES = Architecture.CURRENT.epollEventBytes;
  static final int EVENTS = 0;
  static final int DATA = Architecture.CURRENT.epollDataOffset;

  private final OwnedDescriptor descriptor;

  private Poller(int descriptor) {
    this.descriptor = new OwnedDescriptor(descriptor);
  }

  /// A new poller that waits for nothing yet.
  ///
  /// @throws LinuxException EMFILE and other lack of resources
  public static Poller open() {
    return new Poller(
        SystemCall.EPOLL_CREATE1.require(SystemCall.EPOLL_CREATE1.call(EPOLL_CLOEXEC), ""));
  }

  /// Waits also for this descriptor to become readable, or to report an error or hang-up.
  ///
  /// @param token what [Wait#token(int)] returns for it
  /// @throws LinuxException EEXIST if it is added already, EPERM for regular files
  public void add(int fd, int token) {
    add(fd, token, EPOLLIN);
  }

  /// Waits also for something new to read from this descriptor (edge-triggered): one waiting thread
  /// is woken each time that something is added, and no other. Whoever is woken reads until nothing
  /// is left; what it leaves is not reported again.
  ///
  /// @param token what [Wait#token(int)] returns for it
  /// @throws LinuxException as [#add(int, int)]
  public void addEdge(int fd, int token) {
    add(fd, token, (int) (EPOLLIN | EPOLLET));
  }

  private void add(int fd, int token, int events) {
    MemorySegment event = CallState.current().scratch();
    event.set(JAVA_INT, EVENTS, events);
    event.set(JAVA_INT_UNALIGNED, DATA, token);
    control(EPOLL_CTL_ADD, fd, event.address());
  }

  /// Waits no longer for this descriptor. A descriptor whose last copy is closed leaves by itself.
  ///
  /// @throws LinuxException ENOENT if it was not added
  public void remove(int fd) {
    control(EPOLL_CTL_DEL, fd, 0);
  }

  private void control(int operation, int fd, long event) {
    SystemCall.EPOLL_CTL.require(
        SystemCall.EPOLL_CTL.call(descriptor.number(), operation, fd, event), "fd=" + fd);
  }

  /// What one thread needs to wait.
  ///
  /// @param maxEvents how many descriptors one wait reports at most, at least 1
  public Wait openWait(int maxEvents) {
    return new Wait(descriptor.number(), maxEvents);
  }

  /// Ends the poller, not what was added to it. No thread may wait any more.
  @Override
  public void close() {
    descriptor.close();
  }

  /// One thread's way to wait; not thread-safe. Allocates nothing after construction.
  public static final class Wait implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final int descriptor;
    private final int maxEvents;
    private final MemorySegment events;

    private Wait(int descriptor, int maxEvents) {
      this.descriptor = descriptor;
      this.maxEvents = maxEvents;
      events = arena.allocate((long) maxEvents * EVENT_BYTES, Long.BYTES);
    }

    /// Waits until a descriptor is readable.
    ///
    /// @param timeoutMillis how long at most; 0 asks only, -1 waits for ever
    /// @return how many are readable, 0 after the time, or a negative [Errno] value (EINTR if a
    ///   signal handler of the virtual machine ran)
    public int await(int timeoutMillis) {
      return SystemCall.EPOLL_PWAIT.call(
          descriptor, events.address(), maxEvents, timeoutMillis, 0, Long.BYTES);
    }

    /// The token of a readable descriptor.
    ///
    /// @param index from 0 to the last wait's result - 1
    public int token(int index) {
      return events.get(JAVA_INT_UNALIGNED, (long) index * EVENT_BYTES + DATA);
    }

    @Override
    public void close() {
      arena.close();
    }
  }
}
