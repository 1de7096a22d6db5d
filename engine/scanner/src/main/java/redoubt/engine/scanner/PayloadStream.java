package redoubt.engine.scanner;

import java.io.IOException;
import java.io.InputStream;

/// Reads a [Payload] in order. Needs no closing; not thread-safe.
final class PayloadStream extends InputStream {
  private final Payload payload;
  private long position;

  PayloadStream(Payload payload) {
    this.payload = payload;
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
    int count = payload.read(into, start, length, position);
    position += Math.max(0, count);
    return count;
  }
}
