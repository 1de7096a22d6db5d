package redoubt.engine.sigma.replay;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/// A stream of UTF-16 that begins with a byte order mark, as UTF-8 without one. What is no UTF-16
/// becomes U+FFFD.
final class Utf16AsUtf8 extends InputStream {
  private static final int LENGTH = 1 << 13;

  private final Reader reader;
  private final char[] characters = new char[LENGTH];
  private byte[] bytes = new byte[0];
  private int at;

  Utf16AsUtf8(InputStream stream) {
    reader = new InputStreamReader(stream, StandardCharsets.UTF_16);
  }

  /// Whether something that begins so is UTF-16 with a byte order mark.
  static boolean isMarked(byte[] first) {
    return first.length >= 2
        && ((first[0] == (byte) 0xFF && first[1] == (byte) 0xFE)
            || (first[0] == (byte) 0xFE && first[1] == (byte) 0xFF));
  }

  @Override
  public int read() throws IOException {
    return fill() ? bytes[at++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, bytes.length - at);
    System.arraycopy(bytes, at, target, from, count);
    at += count;
    return count;
  }

  /// Decodes more if all was read.
  ///
  /// @return whether there is something to be read
  private boolean fill() throws IOException {
    if (at < bytes.length) {
      return true;
    }
    // The decoder does not part the two halves of a character.
    int count = reader.read(characters, 0, LENGTH);
    if (count <= 0) {
      return false;
    }
    bytes = new String(characters, 0, count).getBytes(StandardCharsets.UTF_8);
    at = 0;
    return true;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
