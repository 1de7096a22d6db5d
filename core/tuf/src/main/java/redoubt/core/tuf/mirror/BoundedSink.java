package redoubt.core.tuf.mirror;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicLong;

/// Passes bytes on until there are more than wanted. One thread writes, any may count.
public final class BoundedSink {
  private final OutputStream sink;
  private final long maxBytes;
  private final AtomicLong taken = new AtomicLong();

  /// Begins with none.
  ///
  /// @param maxBytes how many there may be
  public BoundedSink(OutputStream sink, long maxBytes) {
    this.sink = sink;
    this.maxBytes = maxBytes;
  }

  /// Takes the next bytes.
  ///
  /// @throws IOException if these are too many, or cannot be passed on
  public void write(byte[] bytes, int count) throws IOException {
    if (count > maxBytes - taken.get()) {
      throw new IOException("longer than it may be: limitBytes=" + maxBytes);
    }
    sink.write(bytes, 0, count);
    taken.addAndGet(count);
  }

  /// How many there were so far.
  public long takenBytes() {
    return taken.get();
  }
}
