package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/// Waits for one descriptor with `ppoll`.
final class DescriptorWait {
  static final short POLLIN = 0x1;
  static final short POLLPRI = 0x2;

  /// `struct pollfd`.
  static final int POLLFD_BYTES = 8;

  static final int FD = 0;
  static final int EVENTS = 4;
  static final int REVENTS = 6;

  /// `struct __kernel_timespec`.
  static final int TIMESPEC_BYTES = 16;

  static final int TV_SEC = 0;
  static final int TV_NSEC = 8;

  private DescriptorWait() {}

  /// Waits until the descriptor has one of the events, an error or a hang-up. Allocates nothing.
  ///
  /// @param timeoutMillis -1 for ever
  /// @return 1, 0 after the time, or a negative [Errno] value
  static int await(int descriptor, short events, int timeoutMillis) {
    MemorySegment scratch = CallState.current().scratch();
    scratch.set(JAVA_INT, FD, descriptor);
    scratch.set(JAVA_SHORT, EVENTS, events);
    long pollfd = scratch.address();
    long timeout = 0;
    if (timeoutMillis >= 0) {
      setTimespec(scratch, POLLFD_BYTES, TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
      timeout = pollfd + POLLFD_BYTES;
    }
    int result;
    do { // an interrupted ppoll leaves the time that remains in the timespec
      result = SystemCall.PPOLL.call(pollfd, 1, timeout, 0, 0);
    } while (result == -Errno.EINTR);
    return result;
  }

  static void setTimespec(MemorySegment segment, long offset, long nanos) {
    segment.set(JAVA_LONG, offset + TV_SEC, nanos / 1_000_000_000L);
    segment.set(JAVA_LONG, offset + TV_NSEC, nanos % 1_000_000_000L);
  }
}
