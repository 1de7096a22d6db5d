package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Reads events of a group from [FanotifyGroup#openMounts()].
///
/// One per thread; not thread-safe, though it may be made by another thread. The events say that
/// the mount table changed; [Mounts#read(String)] says what it is now.
public final class FanotifyMountReader implements AutoCloseable {
  /// `struct fanotify_event_info_mnt`.
  static final int INFO_MNT_BYTES = 16;

  static final int INFO_MNT_ID = 8;

  private static final int EVENT_BYTES = FanotifyReader.METADATA_BYTES + INFO_MNT_BYTES;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer;
  private final int group;

  /// A reader of the group's queue.
  ///
  /// @param maxEvents the most that one [#read()] returns, at least 1
  public FanotifyMountReader(FanotifyGroup group, int maxEvents) {
    this.group = group.descriptor();
    buffer = arena.allocate((long) maxEvents * EVENT_BYTES, Long.BYTES);
  }

  /// Takes waiting events from the queue. Does not block.
  ///
  /// @return the number of events, or a negative [Errno] value: EAGAIN if none waits
  public int read() {
    int bytes = SystemCall.READ.call(group, buffer.address(), buffer.byteSize());
    return bytes < 0 ? bytes : bytes / EVENT_BYTES;
  }

  /// [FanotifyGroup#FAN_MNT_ATTACH], [FanotifyGroup#FAN_MNT_DETACH] or, for a move, both; or
  /// [FanotifyGroup#FAN_Q_OVERFLOW].
  ///
  /// @param event from 0 to the last read's result - 1
  public long mask(int event) {
    return buffer.get(JAVA_LONG, (long) event * EVENT_BYTES + FanotifyReader.MASK);
  }

  /// The mount's unique id, which is not the one in `mountinfo`; never used again in this boot.
  ///
  /// @param event from 0 to the last read's result - 1
  public long mountId(int event) {
    long start = (long) event * EVENT_BYTES;
    return buffer.get(JAVA_INT, start + FanotifyReader.EVENT_LEN) < EVENT_BYTES
        ? 0
        : buffer.get(JAVA_LONG, start + FanotifyReader.METADATA_BYTES + INFO_MNT_ID);
  }

  @Override
  public void close() {
    arena.close();
  }
}
