package redoubt.testing.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/// Makes a Windows event log that is as full as those of busy hosts out of one with a few records:
/// in each chunk, records are repeated until it is full. Only those are that define no template,
/// because a copy of one that does would mean something else.
final class DenseLogs {
  private static final int FILE_HEADER_BYTES = 4_096;
  private static final int CHUNK_BYTES = 65_536;
  private static final int CHUNK_HEADER_BYTES = 512;
  private static final int LAST_NUMBER = 16;
  private static final int LAST_ID = 32;
  private static final int LAST_RECORD = 44;
  private static final int FREE_SPACE = 48;
  private static final int DATA_CHECKSUM = 52;
  private static final int HEADER_CHECKSUM = 124;
  private static final int CHECKED_BEFORE = 120;
  private static final int CHECKED_FROM = 128;
  private static final int RECORD_MAGIC = 0x00002A2A;
  private static final int RECORD_SIZE = 4;
  private static final int RECORD_ID = 8;
  private static final int LEAST_RECORD_BYTES = 64;

  /// Where a record says at which offset of its chunk its template is defined.
  private static final int TEMPLATE_OFFSET = 34;

  private DenseLogs() {}

  /// The log with full chunks; chunks without a record that can be repeated stay as they are.
  static byte[] fill(byte[] log) {
    byte[] full = log.clone();
    for (int at = FILE_HEADER_BYTES; at + CHUNK_BYTES <= full.length; at += CHUNK_BYTES) {
      fillChunk(ByteBuffer.wrap(full, at, CHUNK_BYTES).slice().order(ByteOrder.LITTLE_ENDIAN));
    }
    return full;
  }

  private static void fillChunk(ByteBuffer chunk) {
    List<byte[]> repeatable = new ArrayList<>();
    int at = CHUNK_HEADER_BYTES;
    int last = at;
    long id = 0;
    while (at + LEAST_RECORD_BYTES <= CHUNK_BYTES && chunk.getInt(at) == RECORD_MAGIC) {
      int size = chunk.getInt(at + RECORD_SIZE);
      if (size < LEAST_RECORD_BYTES || at + size > CHUNK_BYTES) {
        break;
      }
      id = chunk.getLong(at + RECORD_ID);
      if (chunk.getInt(at + TEMPLATE_OFFSET) < at) {
        byte[] record = new byte[size];
        chunk.get(at, record);
        repeatable.add(record);
      }
      last = at;
      at += size;
    }
    if (repeatable.isEmpty()) {
      return;
    }
    long added = 0;
    for (int i = 0; at + repeatable.get(i % repeatable.size()).length <= CHUNK_BYTES; i++) {
      byte[] record = repeatable.get(i % repeatable.size());
      chunk.put(at, record);
      chunk.putLong(at + RECORD_ID, ++id);
      last = at;
      at += record.length;
      added++;
    }
    chunk.putLong(LAST_NUMBER, chunk.getLong(LAST_NUMBER) + added);
    chunk.putLong(LAST_ID, id);
    chunk.putInt(LAST_RECORD, last);
    chunk.putInt(FREE_SPACE, at);
    chunk.putInt(DATA_CHECKSUM, checksum(chunk, CHUNK_HEADER_BYTES, at, 0, 0));
    chunk.putInt(
        HEADER_CHECKSUM, checksum(chunk, 0, CHECKED_BEFORE, CHECKED_FROM, CHUNK_HEADER_BYTES));
  }

  /// Of two ranges, one after the other.
  private static int checksum(ByteBuffer chunk, int from, int to, int from2, int to2) {
    CRC32 checksum = new CRC32();
    checksum.update(chunk.slice(from, to - from));
    checksum.update(chunk.slice(from2, to2 - from2));
    return (int) checksum.getValue();
  }
}
