package redoubt.agent.sensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A file of records of one length to whose end others add, and which is put aside for a new one
/// from time to time. Not thread-safe.
final class GrowingFile implements AutoCloseable {
  private static final int RECORDS_AT_ONCE = 256;

  private final Path path;
  private final int recordBytes;
  private @Nullable FileChannel channel;
  private @Nullable Object key;
  private long position;

  /// What is in it already is of no interest.
  GrowingFile(Path path, int recordBytes) {
    this.path = path;
    this.recordBytes = recordBytes;
    try {
      open(true);
    } catch (IOException _) {
      // It is not there yet, and is looked for each time.
    }
  }

  private void open(boolean atEnd) throws IOException {
    FileChannel opened = FileChannel.open(path, StandardOpenOption.READ);
    channel = opened;
    key = keyOf(path);
    position = atEnd ? whole(opened.size()) : 0;
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  private long whole(long bytes) {
    return bytes - bytes % recordBytes;
  }

  /// Whether the file could be opened.
  boolean isThere() {
    return channel != null;
  }

  /// The records that were added since the last call; the rest of a long row comes the next time.
  List<byte[]> read() {
    List<byte[]> records = new ArrayList<>();
    try {
      FileChannel now = channel;
      if (now != null) {
        if (now.size() < position) {
          position = 0;
        }
        read(now, records);
      }
      if (records.isEmpty() && (now == null || !Objects.equals(key, keyOf(path)))) {
        close();
        open(false);
        read(Objects.requireNonNull(channel), records);
      }
    } catch (IOException _) {
      // It is being put aside: the next call finds the new one.
    }
    return records;
  }

  private void read(FileChannel from, List<byte[]> records) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(RECORDS_AT_ONCE * recordBytes);
    int length = 0;
    while (buffer.hasRemaining()) {
      int count = from.read(buffer, position + length);
      if (count <= 0) {
        break;
      }
      length += count;
    }
    for (int i = 0; i + recordBytes <= length; i += recordBytes) {
      byte[] record = new byte[recordBytes];
      buffer.get(i, record);
      records.add(record);
    }
    position += whole(length);
  }

  @Override
  public void close() {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException _) {
        // Nothing was written.
      }
    }
  }
}
