package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Reads events of a group from [FanotifyGroup#openPermission()] or
/// [FanotifyGroup#openNotification()], several at a time.
///
/// One per thread; not thread-safe, though it may be made by another thread. Allocates nothing
/// after construction. Whoever reads owns the descriptors in the events and closes each of them.
public final class FanotifyReader implements AutoCloseable {
  /// `struct fanotify_event_metadata`.
  static final int METADATA_BYTES = 24;

  static final int EVENT_LEN = 0;
  static final int VERS = 4;
  static final int METADATA_LEN = 6;
  static final int MASK = 8;
  static final int FD = 16;
  static final int PID = 20;

  /// `struct fanotify_event_info_header`.
  static final int INFO_HEADER_BYTES = 4;

  static final int INFO_TYPE = 0;
  static final int INFO_LEN = 2;

  /// `struct fanotify_event_info_pidfd`.
  static final int INFO_PIDFD_BYTES = 8;

  static final int INFO_PIDFD = 4;

  static final int FAN_EVENT_INFO_TYPE_PIDFD = 4;
  static final int FANOTIFY_METADATA_VERSION = 3;

  private final Arena arena = Arena.ofShared();
  private final int group;
  private final int eventBytes;
  private final MemorySegment buffer;
  private final long[] masks;
  private final int[] descriptors;
  private final int[] pidfds;
  private final int[] pids;

  /// A reader of the group's queue.
  ///
  /// @param maxEvents the most that one [#read(int)] returns, at least 1
  public FanotifyReader(FanotifyGroup group, int maxEvents) {
    if (maxEvents < 1) {
      throw new IllegalArgumentException("maxEvents out of range: maxEvents=" + maxEvents);
    }
    this.group = group.descriptor();
    eventBytes = METADATA_BYTES + (group.reportsPidfd() ? INFO_PIDFD_BYTES : 0);
    buffer = arena.allocate((long) maxEvents * eventBytes, Long.BYTES);
    masks = new long[maxEvents];
    descriptors = new int[maxEvents];
    pidfds = new int[maxEvents];
    pids = new int[maxEvents];
  }

  /// Takes waiting events from the queue, never more than `maxEvents`: each one that is read takes
  /// a descriptor or two, so the caller reads no more than it can spare. Does not block.
  ///
  /// @param maxEvents how many to take at most, from 1 to the size of this reader
  /// @return the number of events, or a negative [Errno] value: EAGAIN if none waits, EMFILE or
  ///   ENFILE if the kernel had no descriptor (the opener was refused with EPERM), ETXTBSY and
  ///   others if it could not open the file for us (likewise) and the group does not report
  ///   descriptor errors
  public int read(int maxEvents) {
    if (maxEvents < 1 || maxEvents > masks.length) {
      throw new IllegalArgumentException("maxEvents out of range: maxEvents=" + maxEvents);
    }
    // every record of such a group has the same length, so the buffer's length is the exact limit
    int bytes = SystemCall.READ.call(group, buffer.address(), (long) maxEvents * eventBytes);
    return bytes < 0 ? bytes : parse(bytes);
  }

  private int parse(int bytes) {
    int count = 0;
    for (int at = 0; at + METADATA_BYTES <= bytes; at += buffer.get(JAVA_INT, at + EVENT_LEN)) {
      checkVersion(at);
      masks[count] = buffer.get(JAVA_LONG, at + MASK);
      descriptors[count] = buffer.get(JAVA_INT, at + FD);
      pids[count] = buffer.get(JAVA_INT, at + PID);
      pidfds[count] = findPidfd(at);
      count++;
    }
    return count;
  }

  /// A kernel that speaks another version cannot be understood at all; the group's users give up.
  private void checkVersion(int at) {
    if (buffer.get(JAVA_BYTE, at + VERS) != FANOTIFY_METADATA_VERSION) {
      throw new IllegalStateException(
          "fanotify metadata version not supported: version=" + buffer.get(JAVA_BYTE, at + VERS));
    }
  }

  private int findPidfd(int at) {
    int end = at + buffer.get(JAVA_INT, at + EVENT_LEN);
    int info = at + buffer.get(JAVA_SHORT, at + METADATA_LEN);
    while (info + INFO_PIDFD_BYTES <= end) {
      if (buffer.get(JAVA_BYTE, info + INFO_TYPE) == FAN_EVENT_INFO_TYPE_PIDFD) {
        return Math.max(-1, buffer.get(JAVA_INT, info + INFO_PIDFD));
      }
      info += Math.max(INFO_HEADER_BYTES, buffer.get(JAVA_SHORT, info + INFO_LEN));
    }
    return -1;
  }

  /// Waits until an event is there.
  ///
  /// @param timeoutMillis at most so long, -1 for ever
  /// @return whether one may be there
  public boolean await(int timeoutMillis) {
    return DescriptorWait.await(group, DescriptorWait.POLLIN, timeoutMillis) > 0;
  }

  /// The `FAN_` bits of the event, which may be several in a group that only tells.
  ///
  /// @param event from 0 to the last read's result - 1, as for the other accessors
  public long mask(int event) {
    return masks[event];
  }

  /// A read-only descriptor of the file, whose own use raises no event; the caller closes it.
  /// Negative if there is none: an [Errno] value if the kernel could not open the file (a waiting
  /// opener was then refused), or -1 or -EBADF for [FanotifyGroup#FAN_Q_OVERFLOW].
  public int descriptor(int event) {
    return descriptors[event];
  }

  /// A descriptor of the process that caused the event, which the caller closes; -1 if the process
  /// is gone or the group reports none.
  public int pidfd(int event) {
    return pidfds[event];
  }

  /// The process (thread group) that caused the event, in our pid namespace; 0 if it has no number
  /// there.
  public int pid(int event) {
    return pids[event];
  }

  /// Frees the buffer; descriptors of events that were read stay open.
  @Override
  public void close() {
    arena.close();
  }
}
