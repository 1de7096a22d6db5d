package redoubt.agent.confinement;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import redoubt.agent.health.TimeSource;
import redoubt.core.linux.NamedPipe;

/// What one engine process prints: passed on to the agent's standard error line by line, each with
/// the engine's name and without control characters, as far as its budget goes.
///
/// A thread of its own reads the pipe, so that nobody else waits for whoever reads our output. More
/// than the budget is dropped; many times the budget is a flood, for which the engine is ended.
public final class EngineOutput implements AutoCloseable {
  /// What is passed on in each window.
  static final int BUDGET_BYTES = 64 * 1024;

  /// What is a flood in a window.
  public static final int FLOOD_BYTES = 4 * 1024 * 1024;

  public static final Duration WINDOW = Duration.ofSeconds(10);

  private static final int MOST_LINE_BYTES = 1024;

  private final Path pipe;
  private final FileChannel channel;
  private final byte[] prefix;
  private final Runnable onFlood;
  private final TimeSource time;
  private final OutputStream out;
  private final byte[] line = new byte[MOST_LINE_BYTES];
  private int lineLength;
  private long windowStart;
  private long windowBytes;
  private boolean told;

  private EngineOutput(
      Path pipe,
      FileChannel channel,
      OutputStream out,
      String id,
      Runnable onFlood,
      TimeSource time) {
    this.pipe = pipe;
    this.channel = channel;
    this.out = out;
    this.prefix = ("redoubt: engine " + id + ": ").getBytes(StandardCharsets.UTF_8);
    this.onFlood = onFlood;
    this.time = time;
    this.windowStart = time.nanos();
  }

  /// Makes the pipe and begins to read.
  ///
  /// @param onFlood runs once if the engine prints as no engine has a reason to
  /// @throws UncheckedIOException if the pipe cannot be made
  public static EngineOutput open(Path pipe, String id, Runnable onFlood, TimeSource time) {
    return open(pipe, new FileOutputStream(FileDescriptor.err), id, onFlood, time);
  }

  /// As [#open(Path,String,Runnable,TimeSource)], to a stream that the caller closes.
  static EngineOutput open(
      Path pipe, OutputStream out, String id, Runnable onFlood, TimeSource time) {
    try {
      Files.deleteIfExists(pipe);
      NamedPipe.create(pipe);
      // Reading and writing: opening waits for nobody, and the end of one writer is not the end.
      FileChannel channel =
          FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE);
      EngineOutput output = new EngineOutput(pipe, channel, out, id, onFlood, time);
      Thread.ofPlatform().name("output-" + id).daemon().start(output::read);
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What the engine's process opens for writing.
  public Path pipe() {
    return pipe;
  }

  private void read() {
    ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
    try {
      while (channel.read(buffer.clear()) >= 0) {
        take(buffer.flip());
      }
    } catch (IOException _) {
      // Closed: the engine has ended.
    }
  }

  private void take(ByteBuffer bytes) throws IOException {
    if (time.nanos() - windowStart > WINDOW.toNanos()) {
      windowStart = time.nanos();
      windowBytes = 0;
      told = false;
    }
    long before = windowBytes;
    windowBytes += bytes.remaining();
    if (before < FLOOD_BYTES && windowBytes >= FLOOD_BYTES) {
      onFlood.run();
    }
    if (before >= BUDGET_BYTES) {
      tellOfDropping();
      return;
    }
    while (bytes.hasRemaining()) {
      add(bytes.get());
    }
  }

  private void add(byte next) throws IOException {
    if (next == '\n' || lineLength == line.length - 1) {
      passOn();
    }
    if (next != '\n') {
      line[lineLength++] = isControl(next) ? (byte) '?' : next;
    }
  }

  /// The owner's terminal takes orders in such characters.
  private static boolean isControl(byte character) {
    return (character >= 0 && character < ' ' && character != '\t') || character == 0x7f;
  }

  private void passOn() throws IOException {
    byte[] whole = new byte[prefix.length + lineLength + 1];
    System.arraycopy(prefix, 0, whole, 0, prefix.length);
    System.arraycopy(line, 0, whole, prefix.length, lineLength);
    whole[whole.length - 1] = '\n';
    lineLength = 0;
    out.write(whole);
  }

  private void tellOfDropping() throws IOException {
    if (told) {
      return;
    }
    told = true;
    lineLength = 0;
    for (byte next :
        "(prints too much: the rest of it is dropped)".getBytes(StandardCharsets.UTF_8)) {
      add(next);
    }
    passOn();
  }

  /// Stops reading and removes the pipe.
  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(pipe);
    } catch (IOException _) {
      // The next start makes it anew.
    }
  }
}
