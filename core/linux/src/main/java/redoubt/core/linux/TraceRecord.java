package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import redoubt.core.linux.TraceFormat.Field;

/// What a tracepoint recorded. Valid only until its reader goes on; what is to be kept is copied
/// out. A field that a record is too short for is 0.
public final class TraceRecord {
  /// `common_type`, `common_flags` and `common_pid`, which every record has.
  private static final Field TYPE = new Field(0, Short.BYTES);

  private static final Field FLAGS = new Field(2, 1);

  private static final Field THREAD = new Field(4, Integer.BYTES);

  /// `TRACE_FLAG_HARDIRQ` and `TRACE_FLAG_SOFTIRQ`.
  private static final int INTERRUPTED = 0x18;

  private final MemorySegment buffer;
  private final TracePage page;

  TraceRecord(MemorySegment buffer, TracePage page) {
    this.buffer = buffer;
    this.page = page;
  }

  /// Which tracepoint it is from: [TraceFormat#type].
  public int type() {
    return uint16(TYPE);
  }

  /// When it was made, in nanoseconds on the clock of [System#nanoTime] (`CLOCK_MONOTONIC`).
  public long timeNanos() {
    return page.timeNanos();
  }

  /// The thread that passed the tracepoint, in the initial pid namespace; what happens because a
  /// packet came or time went by is in whichever thread ran just then.
  public int threadId() {
    return int32(THREAD);
  }

  /// Whether the thread itself did it, and not an interrupt in the middle of it.
  public boolean byThread() {
    return (uint8(FLAGS) & INTERRUPTED) == 0;
  }

  private int uint8(Field field) {
    return has(field, 1) ? Byte.toUnsignedInt(buffer.get(JAVA_BYTE, at(field))) : 0;
  }

  public int uint16(Field field) {
    return has(field, Short.BYTES)
        ? Short.toUnsignedInt(buffer.get(JAVA_SHORT_UNALIGNED, at(field)))
        : 0;
  }

  public int int32(Field field) {
    return has(field, Integer.BYTES) ? buffer.get(JAVA_INT_UNALIGNED, at(field)) : 0;
  }

  public long int64(Field field) {
    return has(field, Long.BYTES) ? buffer.get(JAVA_LONG_UNALIGNED, at(field)) : 0;
  }

  /// A copy of the field's bytes.
  public byte[] bytes(Field field) {
    return has(field, field.bytes())
        ? buffer.asSlice(at(field), field.bytes()).toArray(JAVA_BYTE)
        : new byte[field.bytes()];
  }

  private boolean has(Field field, int bytes) {
    return bytes <= field.bytes() && field.offset() + bytes <= page.recordBytes();
  }

  private int at(Field field) {
    return page.recordOffset() + field.offset();
  }
}
