package redoubt.engine.sigma.evtx;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventFormatException;
import redoubt.engine.sigma.event.FieldTable;

/// The records of an event log, in the order in which they stand in the file.
///
/// Checksums are not compared: what can be read of a damaged or unfinished log is read. Not
/// thread-safe.
public final class EvtxRecords implements Closeable {
  private static final byte[] FILE = "ElfFile\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CHUNK = "ElfChnk\0".getBytes(StandardCharsets.US_ASCII);
  private static final int FILE_HEADER = 4_096;
  private static final int CHUNK_HEADER = 512;
  private static final int FREE_SPACE = 0x30;
  private static final int RECORD = 0x2A2A;
  private static final int RECORD_HEADER = 24;
  private static final int RECORD_TRAILER = 4;

  private final InputStream stream;
  private final Chunk chunk = new Chunk();
  private final RecordReader reader;
  private boolean begun;
  private int at;
  private int end;

  /// @param stream whose first byte is the log's
  /// @param names the fields that are asked for
  /// @param keepUnknown whether the others matter too
  public EvtxRecords(InputStream stream, FieldTable names, boolean keepUnknown) {
    this.stream = stream;
    this.reader = new RecordReader(chunk, names, keepUnknown);
  }

  /// Whether something that begins so is an event log.
  public static boolean isLog(byte[] first) {
    return first.length >= FILE.length
        && Arrays.equals(first, 0, FILE.length, FILE, 0, FILE.length);
  }

  /// How many bytes [#isLog] looks at.
  public static int magicLength() {
    return FILE.length;
  }

  /// Reads the next record.
  ///
  /// @param event empty
  /// @return whether there was one
  /// @throws EventFormatException if the record, or the rest of its chunk, cannot be read; the next
  ///   call goes on behind it
  public boolean next(Event event) throws IOException, EventFormatException {
    if (!begun) {
      begun = true;
      byte[] header = stream.readNBytes(FILE_HEADER);
      if (!isLog(header) || header.length < FILE_HEADER) {
        throw new EventFormatException("the log's header is cut off: bytes=" + header.length);
      }
    }
    while (at >= end) {
      if (!openChunk()) {
        return false;
      }
    }
    int record = at;
    int rest = end - record;
    // Nothing may be thrown before it is known where to go on.
    at = end;
    int length = rest < RECORD_HEADER + RECORD_TRAILER ? 0 : chunk.i32(record + 4);
    if (length < RECORD_HEADER + RECORD_TRAILER || length > rest || chunk.i32(record) != RECORD) {
      throw new EventFormatException(
          "no record where one should be; the rest of its chunk is left out: at=" + record);
    }
    at = record + length;
    reader.read(record + RECORD_HEADER, at - RECORD_TRAILER, event);
    return true;
  }

  private boolean openChunk() throws IOException, EventFormatException {
    int length = stream.readNBytes(chunk.bytes(), 0, Chunk.SIZE);
    if (length == 0) {
      return false;
    }
    reader.clear();
    at = CHUNK_HEADER;
    end = CHUNK_HEADER;
    boolean unused = isZero(length);
    if (unused) {
      return true;
    }
    if (length < CHUNK_HEADER
        || !Arrays.equals(chunk.bytes(), 0, CHUNK.length, CHUNK, 0, CHUNK.length)) {
      throw new EventFormatException("not a chunk of a log: bytes=" + length);
    }
    Arrays.fill(chunk.bytes(), length, Chunk.SIZE, (byte) 0);
    int used = chunk.i32(FREE_SPACE);
    end = used < CHUNK_HEADER || used > length ? length : used;
    return true;
  }

  private boolean isZero(int length) {
    for (int i = 0; i < length; i++) {
      if (chunk.bytes()[i] != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
