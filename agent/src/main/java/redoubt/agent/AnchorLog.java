package redoubt.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.Supplier;
import redoubt.agent.health.TimeSource;

/// Writes the journal's anchors (see [redoubt.agent.journal.JournalChain]) to the kernel's log,
/// which every host has and whatever forwards logs takes along. Thread-safe.
final class AnchorLog {
  static final Path KERNEL_LOG = Path.of("/dev/kmsg");
  static final Duration INTERVAL = Duration.ofMinutes(5);

  /// Facility user, severity notice (RFC 5424, section 6.2.1).
  private static final String PRIORITY = "<13>";

  private final Path log;
  private final Supplier<String> head;
  private final TimeSource time;
  private String written = "";
  private long writtenNanos;
  private boolean complained;

  /// @param head gives the digest of the newest line, empty if there is none
  AnchorLog(Path log, Supplier<String> head, TimeSource time) {
    this.log = log;
    this.head = head;
    this.time = time;
    this.writtenNanos = time.nanos() - INTERVAL.toNanos();
  }

  /// Writes an anchor if the last one is old and the journal has gone on.
  synchronized void keep() {
    if (time.nanos() - writtenNanos >= INTERVAL.toNanos()) {
      write();
    }
  }

  /// Writes an anchor if the journal has gone on. A host that has no kernel log for us gets none.
  synchronized void write() {
    String now = head.get();
    if (now.isEmpty() || now.equals(written)) {
      return;
    }
    String line = PRIORITY + "redoubt: journal anchor sha256=" + now + "\n";
    try (FileChannel kernel = FileChannel.open(log, StandardOpenOption.WRITE)) {
      kernel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      if (!complained) {
        complained = true;
        System.err.println("redoubt: the journal's anchors go nowhere: " + e);
      }
    }
    written = now;
    writtenNanos = time.nanos();
  }
}
