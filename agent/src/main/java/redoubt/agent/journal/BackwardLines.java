package redoubt.agent.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the lines of a file from the last to the first. An unfinished last line is left out.
///
/// Not thread-safe. It needs a constant amount of memory, whatever the file holds.
final class BackwardLines {
  private static final int WINDOW_BYTES = 4 * JournalLimits.MAX_LINE_BYTES;

  private final FileChannel file;
  private final byte[] window = new byte[WINDOW_BYTES];
  private long windowStart;
  private int windowLength;

  /// The offset of the line feed that ends the next line to be returned, -1 if there is none.
  private long lineEnd;

  private long skipped;

  BackwardLines(FileChannel file) throws IOException {
    this.file = file;
    this.windowStart = file.size();
    this.lineEnd = findLineFeedBefore(file.size());
  }

  /// Returns the line before the last one returned, without its line feed; null when the first has
  /// been returned.
  byte @Nullable [] next() throws IOException {
    while (lineEnd >= 0) {
      long end = lineEnd;
      lineEnd = findLineFeedBefore(end);
      long length = end - lineEnd - 1;
      if (length < JournalLimits.MAX_LINE_BYTES) {
        return copy(lineEnd + 1, (int) length);
      }
      skipped++;
    }
    return null;
  }

  /// How many lines were left out because they are longer than a line can be.
  long skipped() {
    return skipped;
  }

  private long findLineFeedBefore(long end) throws IOException {
    long at = end - 1;
    while (at >= 0) {
      if (at < windowStart || at >= windowStart + windowLength) {
        load(at + 1);
      }
      for (int i = (int) (at - windowStart); i >= 0; i--) {
        if (window[i] == '\n') {
          return windowStart + i;
        }
      }
      at = windowStart - 1;
    }
    return -1;
  }

  private byte[] copy(long start, int length) throws IOException {
    if (start < windowStart || start + length > windowStart + windowLength) {
      load(start + length);
    }
    int from = (int) (start - windowStart);
    return Arrays.copyOfRange(window, from, from + length);
  }

  /// Fills the window with what comes before `end`.
  ///
  /// The writer cuts a failed batch off again; what is gone meanwhile reads as zeros, which are no
  /// line.
  private void load(long end) throws IOException {
    windowStart = Math.max(0, end - WINDOW_BYTES);
    windowLength = (int) (end - windowStart);
    ByteBuffer target = ByteBuffer.wrap(window, 0, windowLength);
    while (target.hasRemaining()) {
      if (file.read(target, windowStart + target.position()) < 0) {
        Arrays.fill(window, target.position(), windowLength, (byte) 0);
        return;
      }
    }
  }
}
