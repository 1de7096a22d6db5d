package redoubt.engine.kit;

import java.io.IOException;
import java.io.InputStream;

/// Reads [PositionedBytes] in order.
final class ContentStream extends InputStream {
  private final PositionedBytes content;
  private final long maxBytes;
  private long position;

  ContentStream(PositionedBytes content, long maxBytes) {
    this.content = content;
    this.maxBytes = maxBytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int start, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int wanted = (int) Math.min(length, maxBytes - position);
    if (wanted == 0) {
      return -1;
    }
    int count = content.read(into, start, wanted, position);
    position += Math.max(0, count);
    return count;
  }
}
