package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A timer that the kernel keeps, so that it fires even while this process is stopped or stalled.
///
/// One thread arms it; not thread-safe, though it may be made by another thread. It counts
/// monotonic time, which stands still during suspend.
public final class KernelTimer implements AutoCloseable {
  /// `struct sigevent`.
  static final int SIGEVENT_BYTES = 64;

  static final int SIGEV_SIGNO = 8;
  static final int SIGEV_NOTIFY = 12;

  /// `struct __kernel_itimerspec`.
  static final int ITIMERSPEC_BYTES = 32;

  static final int IT_VALUE = 16;

  private static final int CLOCK_MONOTONIC = 1;
  private static final int SIGEV_SIGNAL = 0;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment setting = arena.allocate(ITIMERSPEC_BYTES, Long.BYTES);
  private final int id;

  private KernelTimer(int id) {
    this.id = id;
  }

  /// A timer, not yet armed, that kills this process with SIGKILL when it fires. Stopped processes
  /// die too; one in a frozen version 1 cgroup dies when it is thawed.
  ///
  /// @throws LinuxException EAGAIN if the kernel has no timer left for this user
  public static KernelTimer killing() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(SIGEVENT_BYTES, Long.BYTES);
      event.set(JAVA_INT, SIGEV_SIGNO, Signals.SIGKILL);
      event.set(JAVA_INT, SIGEV_NOTIFY, SIGEV_SIGNAL);
      MemorySegment id = arena.allocate(JAVA_INT);
      SystemCall.TIMER_CREATE.require(
          SystemCall.TIMER_CREATE.call(CLOCK_MONOTONIC, event.address(), id.address()), "");
      return new KernelTimer(id.get(JAVA_INT, 0));
    }
  }

  /// Sets the time from now at which it fires, once, instead of any earlier setting. Allocates
  /// nothing.
  ///
  /// @param nanos at least 1
  /// @return 0 or a negative [Errno] value
  public int arm(long nanos) {
    if (nanos < 1) {
      throw new IllegalArgumentException("time out of range: nanos=" + nanos);
    }
    return set(nanos);
  }

  /// Takes the setting back: it does not fire any more. Allocates nothing.
  ///
  /// @return 0 or a negative [Errno] value
  public int disarm() {
    return set(0);
  }

  private int set(long nanos) {
    DescriptorWait.setTimespec(setting, IT_VALUE, nanos);
    return SystemCall.TIMER_SETTIME.call(id, 0, setting.address(), 0);
  }

  /// Removes the timer; it does not fire any more.
  @Override
  public void close() {
    SystemCall.TIMER_DELETE.call(id);
    arena.close();
  }
}
