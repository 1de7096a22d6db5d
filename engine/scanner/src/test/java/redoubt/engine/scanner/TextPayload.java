package redoubt.engine.scanner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import redoubt.engine.kit.PositionedBytes;

/// A list in memory.
final class TextPayload implements PositionedBytes {
  private final byte[] bytes;

  TextPayload(byte[] bytes) {
    this.bytes = bytes;
  }

  static TextPayload of(String text) {
    return new TextPayload(text.getBytes(StandardCharsets.UTF_8));
  }

  HashListReader reader() {
    return new HashListReader(this, bytes.length);
  }

  HashList list() throws IOException {
    return reader().read();
  }

  /// Gives at most 1,000 bytes at a time, as a descriptor may.
  @Override
  public int read(byte[] into, int start, int length, long position) {
    if (position >= bytes.length) {
      return -1;
    }
    int count = Math.min(Math.min(length, 1_000), bytes.length - (int) position);
    System.arraycopy(bytes, (int) position, into, start, count);
    return count;
  }
}
