package redoubt.engine.kit;

import java.io.IOException;
import java.io.InputStream;

/// Bytes that are read by position and do not change, wherever they are.
@FunctionalInterface
public interface PositionedBytes {
  /// Reads up to `length` bytes that stand at `position`.
  ///
  /// @return how many bytes were read, possibly fewer than there are; -1 at or past the end
  /// @throws IOException if they cannot be read
  int read(byte[] into, int start, int length, long position) throws IOException;

  /// A stream from the start, of at most `maxBytes` bytes. Not safe for use by several threads;
  /// needs no closing.
  default InputStream stream(long maxBytes) {
    return new ContentStream(this, maxBytes);
  }
}
