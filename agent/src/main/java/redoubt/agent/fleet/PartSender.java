package redoubt.agent.fleet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Octets;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;

/// Brings a file to the server, part by part: the next goes when the last is kept. What the server
/// has not heard, because there was no connection, is said again. Thread-safe; one file at a time.
final class PartSender {
  /// After how long a part is said again.
  private static final Duration AGAIN = Duration.ofSeconds(20);

  /// After how long without any progress it is given up.
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final Consumer<HostMessage> say;
  private final Duration again;
  private final Duration patience;
  private FleetMessage.@Nullable PartKept last;

  /// @param say tells the server, if there is a connection
  PartSender(Consumer<HostMessage> say) {
    this(say, AGAIN, PATIENCE);
  }

  PartSender(Consumer<HostMessage> say, Duration again, Duration patience) {
    this.say = say;
    this.again = again;
    this.patience = patience;
  }

  /// The server has kept something, or takes no more.
  synchronized void kept(FleetMessage.PartKept kept) {
    last = kept;
    notifyAll();
  }

  /// Sends all of it; returns when the server has it.
  ///
  /// @throws IOException with the cause, for people, if it has not
  void send(long command, Path file) throws IOException {
    try (FileChannel content = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = content.size();
      if (size == 0) {
        throw new IOException("there is nothing in it");
      }
      long next = 0;
      long progress = System.nanoTime();
      while (next < size) {
        HostMessage.Part part = part(command, content, next, size);
        FleetMessage.PartKept answer = ask(part);
        if (answer != null && !answer.problem().isEmpty()) {
          throw new IOException("the server takes no more: " + answer.problem());
        }
        if (answer != null && answer.next() <= size && answer.next() != next) {
          next = answer.next();
          progress = System.nanoTime();
        } else if (System.nanoTime() - progress > patience.toNanos()) {
          throw new IOException("the server has not taken it: seconds=" + patience.toSeconds());
        }
      }
    }
  }

  private static HostMessage.Part part(long command, FileChannel content, long at, long size)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(HostMessage.Part.BYTES, size - at));
    while (bytes.hasRemaining()) {
      if (content.read(bytes, at + bytes.position()) < 0) {
        throw new IOException("it has become shorter");
      }
    }
    return new HostMessage.Part(
        command, at, Octets.of(bytes.array()), at + bytes.capacity() == size);
  }

  /// Says a part and waits for its answer; null if there was none in time.
  private synchronized FleetMessage.@Nullable PartKept ask(HostMessage.Part part)
      throws IOException {
    last = null;
    say.accept(part);
    long end = System.nanoTime() + again.toNanos();
    try {
      while (last == null || last.command() != part.command()) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return null;
        }
        wait(Math.max(1, left / 1_000_000));
      }
      return last;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("this host goes down", e);
    }
  }
}
