package redoubt.engine.scanner;

import java.io.IOException;

/// The bytes of a list, read by position. Never change.
@FunctionalInterface
interface Payload {
  /// Reads up to `length` bytes that stand at `position`.
  ///
  /// @return how many were read, -1 at the end
  int read(byte[] into, int start, int length, long position) throws IOException;
}
