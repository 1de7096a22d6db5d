package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/// The records in one page of the kernel's trace buffer, in the order in which they were made. Not
/// thread-safe; whatever the page holds, no method throws.
///
/// Source of the layout: `header_page` and `header_event` of tracefs, and `linux/ring_buffer.h`.
final class TracePage {
  private static final int TIMESTAMP = 0;
  private static final int COMMIT = 8;

  /// Bits of the length that say of records that were overwritten before this page was read.
  private static final long MISSED_EVENTS = 1L << 31;

  private static final long MISSED_STORED = 1L << 30;

  private static final int RINGBUF_TYPE_DATA_TYPE_LEN_MAX = 28;
  private static final int RINGBUF_TYPE_PADDING = 29;
  private static final int RINGBUF_TYPE_TIME_EXTEND = 30;
  private static final int TYPE_BITS = 5;
  private static final int DELTA_BITS = 27;
  private static final int WORD = 4;

  /// The bits of a time that an absolute time stamp does not carry.
  private static final long TIME_STAMP_MISSING = 0xF8L << 56;

  private final MemorySegment page;
  private final int dataOffset;
  private int position;
  private int end;
  private int recordOffset;
  private int recordBytes;
  private long timeNanos;
  private long missed;

  /// @param dataOffset where records start
  TracePage(MemorySegment page, int dataOffset) {
    this.page = page;
    this.dataOffset = dataOffset;
  }

  /// Begins with what was read into the page.
  ///
  /// @param bytes how much that is
  void load(int bytes) {
    position = dataOffset;
    end = dataOffset;
    missed = 0;
    if (bytes < dataOffset || bytes > page.byteSize()) {
      return;
    }
    timeNanos = page.get(JAVA_LONG_UNALIGNED, TIMESTAMP);
    long commit = page.get(JAVA_LONG_UNALIGNED, COMMIT);
    end = (int) Math.min(bytes, dataOffset + (commit & (MISSED_STORED - 1)));
    if ((commit & MISSED_EVENTS) != 0) {
      boolean counted = (commit & MISSED_STORED) != 0 && end + Long.BYTES <= bytes;
      missed = counted ? Math.max(1, page.get(JAVA_LONG_UNALIGNED, end)) : 1;
    }
  }

  /// How many records at least were overwritten before the first of these.
  long missed() {
    return missed;
  }

  /// Goes on to the next record.
  ///
  /// @return false after the last
  boolean next() {
    while (position + WORD <= end) {
      int head = page.get(JAVA_INT_UNALIGNED, position);
      int type = head & ((1 << TYPE_BITS) - 1);
      long delta = Integer.toUnsignedLong(head) >>> TYPE_BITS;
      if (type <= RINGBUF_TYPE_DATA_TYPE_LEN_MAX) {
        timeNanos += delta;
        return enter(type);
      }
      if (position + 2 * WORD > end || (type == RINGBUF_TYPE_PADDING && delta == 0)) {
        break;
      }
      long more = Integer.toUnsignedLong(page.get(JAVA_INT_UNALIGNED, position + WORD));
      if (type == RINGBUF_TYPE_PADDING) {
        position += (int) Math.min(WORD + more, end - position);
      } else if (type == RINGBUF_TYPE_TIME_EXTEND) {
        timeNanos += (more << DELTA_BITS) + delta;
        position += 2 * WORD;
      } else {
        timeNanos = (timeNanos & TIME_STAMP_MISSING) | ((more << DELTA_BITS) + delta);
        position += 2 * WORD;
      }
    }
    position = end;
    return false;
  }

  /// A record's length stands in its head, in words, or behind it, in bytes and with itself.
  private boolean enter(int words) {
    recordOffset = position + WORD;
    long bytes = (long) words * WORD;
    if (words == 0) {
      if (position + 2 * WORD > end) {
        position = end;
        return false;
      }
      bytes = Integer.toUnsignedLong(page.get(JAVA_INT_UNALIGNED, recordOffset)) - WORD;
      recordOffset += WORD;
    }
    if (bytes <= 0 || recordOffset + bytes > end) {
      position = end;
      return false;
    }
    recordBytes = (int) bytes;
    position = recordOffset + recordBytes;
    return true;
  }

  /// When the record was made, on the clock of the instance.
  long timeNanos() {
    return timeNanos;
  }

  /// Where the record starts in the page.
  int recordOffset() {
    return recordOffset;
  }

  int recordBytes() {
    return recordBytes;
  }
}
