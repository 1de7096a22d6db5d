package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Reads events of a group from [FanotifyGroup#openNames(boolean)].
///
/// One per thread; not thread-safe, though it may be made by another thread. Not for the hot path:
/// each event becomes an object. The kernel aligns events to four bytes, so their numbers are read
/// as they stand.
public final class FanotifyNameReader implements AutoCloseable {
  /// `struct fanotify_event_info_fid`: where the file system id starts.
  static final int INFO_FSID = 4;

  private static final int FAN_EVENT_INFO_TYPE_FID = 1;
  private static final int FAN_EVENT_INFO_TYPE_DFID_NAME = 2;
  private static final int FAN_EVENT_INFO_TYPE_DFID = 3;
  private static final int FAN_EVENT_INFO_TYPE_PIDFD = FanotifyReader.FAN_EVENT_INFO_TYPE_PIDFD;
  private static final int FAN_EVENT_INFO_TYPE_OLD_DFID_NAME = 10;
  private static final int FAN_EVENT_INFO_TYPE_NEW_DFID_NAME = 12;

  /// More than the longest event: two handles of 128 bytes and two names of 256.
  private static final int MIN_BYTES = 4096;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer;
  private final int group;
  private int position;
  private int end;

  /// A reader of the group's queue.
  ///
  /// @param bufferBytes how much is taken from the kernel at once, at least 4096
  public FanotifyNameReader(FanotifyGroup group, int bufferBytes) {
    if (bufferBytes < MIN_BYTES) {
      throw new IllegalArgumentException("buffer too small: bufferBytes=" + bufferBytes);
    }
    this.group = group.descriptor();
    buffer = arena.allocate(bufferBytes, Long.BYTES);
  }

  /// Waits until an event is there.
  ///
  /// @param timeoutMillis at most so long, -1 for ever
  /// @return whether one may be there
  public boolean await(int timeoutMillis) {
    return DescriptorWait.await(group, DescriptorWait.POLLIN, timeoutMillis) > 0;
  }

  /// Takes waiting events from the queue; those of the last read that [#next()] has not given are
  /// lost. Does not block.
  ///
  /// @return 0, or a negative [Errno] value: EAGAIN if none waits
  public int read() {
    int bytes = SystemCall.READ.call(group, buffer.address(), buffer.byteSize());
    position = 0;
    end = Math.max(0, bytes);
    return Math.min(0, bytes);
  }

  /// The next event of the last read; empty after the last.
  public Optional<FanotifyNameEvent> next() {
    if (position + FanotifyReader.METADATA_BYTES > end) {
      return Optional.empty();
    }
    int start = position;
    position += buffer.get(JAVA_INT_UNALIGNED, start + FanotifyReader.EVENT_LEN);
    return Optional.of(parse(start, position));
  }

  private FanotifyNameEvent parse(int start, int end) {
    Parts parts = new Parts();
    int info = start + buffer.get(JAVA_SHORT_UNALIGNED, start + FanotifyReader.METADATA_LEN);
    while (info + FanotifyReader.INFO_HEADER_BYTES <= end) {
      int length =
          Short.toUnsignedInt(buffer.get(JAVA_SHORT_UNALIGNED, info + FanotifyReader.INFO_LEN));
      parseInfo(parts, info, length);
      info += Math.max(FanotifyReader.INFO_HEADER_BYTES, length);
    }
    return new FanotifyNameEvent(
        buffer.get(JAVA_LONG_UNALIGNED, start + FanotifyReader.MASK),
        buffer.get(JAVA_INT_UNALIGNED, start + FanotifyReader.PID),
        parts.pidfd,
        parts.directory,
        parts.name,
        parts.target,
        parts.newDirectory,
        parts.newName);
  }

  private void parseInfo(Parts parts, int info, int length) {
    switch (buffer.get(JAVA_BYTE, info + FanotifyReader.INFO_TYPE)) {
      case FAN_EVENT_INFO_TYPE_PIDFD ->
          parts.pidfd =
              Math.max(-1, buffer.get(JAVA_INT_UNALIGNED, info + FanotifyReader.INFO_PIDFD));
      case FAN_EVENT_INFO_TYPE_FID -> parts.target = Optional.of(handle(info));
      case FAN_EVENT_INFO_TYPE_DFID -> parts.directory = Optional.of(handle(info));
      case FAN_EVENT_INFO_TYPE_DFID_NAME, FAN_EVENT_INFO_TYPE_OLD_DFID_NAME -> {
        FileHandle directory = handle(info);
        parts.directory = Optional.of(directory);
        parts.name = name(info, length, directory);
      }
      case FAN_EVENT_INFO_TYPE_NEW_DFID_NAME -> {
        FileHandle directory = handle(info);
        parts.newDirectory = Optional.of(directory);
        parts.newName = name(info, length, directory);
      }
      default -> {} // newer kernels may add records; each says how long it is
    }
  }

  private FileHandle handle(int info) {
    return FileHandle.read(buffer, info + INFO_FSID);
  }

  private String name(int info, int length, FileHandle directory) {
    int at = INFO_FSID + directory.readLength();
    return CString.decodeUntilNul(buffer, info + at, length - at);
  }

  /// Frees the buffer; pidfds of events that were given stay open, those of others leak, so events
  /// are read to the end.
  @Override
  public void close() {
    arena.close();
  }

  private static final class Parts {
    int pidfd = -1;
    Optional<FileHandle> directory = Optional.empty();
    String name = "";
    Optional<FileHandle> target = Optional.empty();
    Optional<FileHandle> newDirectory = Optional.empty();
    String newName = "";
  }
}
