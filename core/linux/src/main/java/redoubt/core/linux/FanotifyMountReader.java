package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
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
  private static final byte FAN_EVENT_INFO_TYPE_MNT = 7;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer;
  private final int group;
  private final long[] masks;
  private final long[] mountIds;

  /// A reader of the group's queue.
  ///
  /// @param maxEvents the most that one [#read()] returns, at least 1
  public FanotifyMountReader(FanotifyGroup group, int maxEvents) {
    if (maxEvents < 1) {
      throw new IllegalArgumentException("maxEvents out of range: maxEvents=" + maxEvents);
    }
    this.group = group.descriptor();
    buffer = arena.allocate((long) maxEvents * EVENT_BYTES, Long.BYTES);
    int shortest = FanotifyReader.METADATA_BYTES; // an overflow, which names no mount
    masks = new long[maxEvents * EVENT_BYTES / shortest];
    mountIds = new long[masks.length];
  }

  /// Takes waiting events from the queue. Does not block.
  ///
  /// @return the number of events, or a negative [Errno] value: EAGAIN if none waits
  public int read() {
    int bytes = SystemCall.READ.call(group, buffer.address(), buffer.byteSize());
    if (bytes < 0) {
      return bytes;
    }
    int count = 0;
    int at = 0;
    while (at + FanotifyReader.METADATA_BYTES <= bytes) {
      masks[count] = buffer.get(JAVA_LONG, at + FanotifyReader.MASK);
      mountIds[count] = findMountId(at);
      count++;
      at += buffer.get(JAVA_INT, at + FanotifyReader.EVENT_LEN);
    }
    return count;
  }

  private long findMountId(int at) {
    int info = at + FanotifyReader.METADATA_BYTES;
    return buffer.get(JAVA_INT, at + FanotifyReader.EVENT_LEN) >= EVENT_BYTES
            && buffer.get(JAVA_BYTE, info + FanotifyReader.INFO_TYPE) == FAN_EVENT_INFO_TYPE_MNT
        ? buffer.get(JAVA_LONG, info + INFO_MNT_ID)
        : 0;
  }

  /// [FanotifyGroup#FAN_MNT_ATTACH], [FanotifyGroup#FAN_MNT_DETACH] or, for a move, both; or
  /// [FanotifyGroup#FAN_Q_OVERFLOW].
  ///
  /// @param event from 0 to the last read's result - 1
  public long mask(int event) {
    return masks[event];
  }

  /// The mount's unique id, which is not the one in `mountinfo`; never used again in this boot. 0
  /// for an overflow.
  ///
  /// @param event from 0 to the last read's result - 1
  public long mountId(int event) {
    return mountIds[event];
  }

  @Override
  public void close() {
    arena.close();
  }
}
