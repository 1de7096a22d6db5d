package redoubt.agent.recording;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import redoubt.core.model.HostEvent;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// What was recorded until a moment, to be read as often as needed. For one thread at a time.
public final class RecordedEvents implements AutoCloseable {
  private final List<FileChannel> files;
  private final List<Long> ends = new ArrayList<>();

  /// @param files the older first; closed with this
  RecordedEvents(List<FileChannel> files) throws IOException {
    this.files = List.copyOf(files);
    for (FileChannel file : files) {
      ends.add(file.size());
    }
  }

  /// All of it, some hundreds of events at most in each batch, oldest first. What cannot be read
  /// ends its file; an iterator throws [UncheckedIOException] where the disk fails.
  public Iterator<List<HostEvent>> batches() {
    return new Batches();
  }

  private final class Batches implements Iterator<List<HostEvent>> {
    private int file;
    private long position;
    private List<HostEvent> next = List.of();

    @Override
    public boolean hasNext() {
      while (next.isEmpty() && file < files.size()) {
        try {
          next = read();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        if (next.isEmpty()) {
          file++;
          position = 0;
        }
      }
      return !next.isEmpty();
    }

    @Override
    public List<HostEvent> next() {
      if (!hasNext()) {
        throw new NoSuchElementException("nothing more was recorded");
      }
      List<HostEvent> batch = next;
      next = List.of();
      return batch;
    }

    /// The next batch of a file; empty at its end.
    private List<HostEvent> read() throws IOException {
      ByteBuffer length = bytes(Integer.BYTES);
      if (length.remaining() < Integer.BYTES) {
        return List.of();
      }
      int size = length.getInt();
      if (size <= 0 || size > WireLimits.MESSAGE_BYTES) {
        return List.of();
      }
      ByteBuffer body = bytes(size);
      try {
        return body.remaining() == size
                && EngineCodec.decodeFromAgent(body).message()
                    instanceof AgentMessage.Activity activity
            ? activity.events()
            : List.of();
      } catch (WireException _) {
        return List.of();
      }
    }

    private ByteBuffer bytes(int wanted) throws IOException {
      long left = Math.max(0, ends.get(file) - position);
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(wanted, left));
      int count = 0;
      while (count >= 0 && bytes.hasRemaining()) {
        count = files.get(file).read(bytes, position + bytes.position());
      }
      position += bytes.position();
      return bytes.flip();
    }
  }

  @Override
  public void close() {
    for (FileChannel file : files) {
      try {
        file.close();
      } catch (IOException _) {
        // It was only read.
      }
    }
  }
}
