package redoubt.agent.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redoubt.agent.health.TimeSource;
import redoubt.agent.policy.PrivateFile;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineCodec;

/// A sample of what happened on this host lately, on disk: two files, of which the older goes when
/// the younger is full.
///
/// A file is a sequence of messages of the engine protocol, each behind its length in four bytes. A
/// message that a power cut tore ends what is read of its file. Thread-safe.
public final class EventRecording {
  /// How much one of the two files holds.
  public static final long MOST_BYTES = 4L << 20;

  /// Of each class of events so many in a second are recorded.
  static final int PER_SECOND = 10;

  /// So many more at once, after a time in which fewer came.
  static final int BURST = 100;

  private static final int WAITING = 1_024;
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path young;
  private final Path old;
  private final TimeSource time;
  private final Map<EventClass, Allowance> allowances = new EnumMap<>(EventClass.class);
  private List<HostEvent> waiting = new ArrayList<>();

  /// How many more events of a class may be recorded.
  private static final class Allowance {
    private double left = BURST;
    private long sinceNanos;

    Allowance(long nanos) {
      sinceNanos = nanos;
    }

    boolean take(long nanos) {
      double grown = (double) (nanos - sinceNanos) / SECOND_NANOS * PER_SECOND;
      left = Math.min(BURST, left + grown);
      sinceNanos = nanos;
      if (left < 1) {
        return false;
      }
      left--;
      return true;
    }
  }

  private EventRecording(Path folder, TimeSource time) {
    young = folder.resolve("events");
    old = folder.resolve("events.before");
    this.time = time;
  }

  /// A recording in a folder, which goes on where the last one ended.
  public static EventRecording in(Path folder, TimeSource time) {
    return new EventRecording(folder, time);
  }

  /// Takes an event, or leaves it. Never blocks for long.
  public synchronized void take(HostEvent event) {
    long now = time.nanos();
    if (waiting.size() < WAITING
        && allowances.computeIfAbsent(event.eventClass(), _ -> new Allowance(now)).take(now)) {
      waiting.add(event);
    }
  }

  private synchronized List<HostEvent> drain() {
    List<HostEvent> drained = waiting;
    waiting = new ArrayList<>();
    return drained;
  }

  /// Writes what was taken. Called by one thread.
  ///
  /// @throws IOException if it cannot be written; then it is lost
  public void write() throws IOException {
    List<HostEvent> events = drain();
    if (events.isEmpty()) {
      return;
    }
    try (FileChannel file = PrivateFile.openToAppend(young)) {
      for (List<HostEvent> batch : AgentMessage.Activity.batches(events)) {
        ByteBuffer message = message(batch);
        while (message.hasRemaining()) {
          file.write(message);
        }
      }
      if (file.size() >= MOST_BYTES) {
        Files.move(young, old, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  /// A message behind its length.
  private static ByteBuffer message(List<HostEvent> batch) {
    byte[] body = EngineCodec.encode(1, new AgentMessage.Activity(0, 1, batch));
    return ByteBuffer.allocate(Integer.BYTES + body.length).putInt(body.length).put(body).flip();
  }

  /// What is recorded up to now; what comes later does not belong to it.
  ///
  /// @throws IOException if it cannot be read
  public RecordedEvents recorded() throws IOException {
    List<FileChannel> files = new ArrayList<>();
    try {
      for (Path path : List.of(old, young)) {
        @Nullable FileChannel file = opened(path);
        if (file != null) {
          files.add(file);
        }
      }
      return new RecordedEvents(files);
    } catch (IOException e) {
      for (FileChannel file : files) {
        file.close();
      }
      throw e;
    }
  }

  private static @Nullable FileChannel opened(Path path) throws IOException {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        ? FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))
        : null;
  }
}
