package redoubt.agent.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the lines of a growing file in order; a line counts once its line feed is there.
///
/// Not thread-safe. It needs a constant amount of memory, whatever the file holds.
final class ForwardLines implements AutoCloseable {
  private final FileChannel file;
  private final byte[] window = new byte[2 * JournalLimits.MAX_LINE_BYTES];
  private long filePosition;
  private int start;
  private int end;
  private boolean inLongLine;
  private long skipped;

  /// @param filePosition where to begin, a line's start
  ForwardLines(FileChannel file, long filePosition) {
    this.file = file;
    this.filePosition = filePosition;
  }

  /// Returns the next line without its line feed, null if there is none yet.
  byte @Nullable [] next() throws IOException {
    int searched = start;
    while (true) {
      int lineFeed = findLineFeed(searched);
      if (lineFeed >= 0) {
        int from = start;
        start = lineFeed + 1;
        searched = start;
        if (!inLongLine && lineFeed - from < JournalLimits.MAX_LINE_BYTES) {
          return Arrays.copyOfRange(window, from, lineFeed);
        }
        inLongLine = false;
        skipped++;
      } else {
        dropLongLine();
        searched = end - start;
        if (!fill()) {
          return null;
        }
        searched += start;
      }
    }
  }

  /// Where the line begins that comes next.
  long position() {
    return filePosition - (end - start);
  }

  /// How many lines were left out because they are longer than a line can be.
  long skipped() {
    return skipped;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private int findLineFeed(int from) {
    for (int i = from; i < end; i++) {
      if (window[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void dropLongLine() {
    if (end - start >= JournalLimits.MAX_LINE_BYTES) {
      inLongLine = true;
      start = end;
    }
  }

  /// Reads more behind what is left of the window, false at the file's present end.
  private boolean fill() throws IOException {
    System.arraycopy(window, start, window, 0, end - start);
    end -= start;
    start = 0;
    int count = file.read(ByteBuffer.wrap(window, end, window.length - end), filePosition);
    if (count <= 0) {
      followCut();
      return false;
    }
    filePosition += count;
    end += count;
    return true;
  }

  /// Goes back to the file's end if the writer has cut off a failed batch: it ends at a line's end.
  private void followCut() throws IOException {
    long size = file.size();
    if (size < filePosition) {
      filePosition = size;
      start = 0;
      end = 0;
      inLongLine = false;
    }
  }
}
