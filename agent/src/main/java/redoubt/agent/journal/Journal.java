package redoubt.agent.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.PlatformNotice;

/// The journal of this host: takes records from any thread and keeps them.
///
/// [#offer] never blocks, never throws and allocates nothing. A record that cannot be taken or
/// written is counted, and once there is room a LOSS notice in the journal states the exact count,
/// so that the lines and the losses together account for every record offered.
public final class Journal implements AutoCloseable {
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  private final EntryRing ring;
  private final JournalWriter writer;
  private final Thread thread;
  private final AtomicLong dropped = new AtomicLong();
  private final Path path;

  private Journal(JournalFile file, JournalLimits limits, HostFacts host, Runnable onWriterStart) {
    this.ring = new EntryRing(limits.queueEntries());
    this.path = file.path();
    this.writer =
        new JournalWriter(
            ring, dropped, file, new OcsfFormat(host), limits, InstantSource.system());
    this.thread =
        Thread.ofPlatform()
            .name("journal")
            .daemon()
            .unstarted(() -> {
              onWriterStart.run();
              writer.run();
            });
  }

  /// Opens the journal and starts its writer.
  ///
  /// An unfinished last line, which a crash leaves, is cut off and noted.
  ///
  /// @param directory where its files are; created if it is not there
  /// @param onWriterStart runs first on the writer's thread, for its scheduling
  /// @throws IOException if the directory or its current file cannot be used
  public static Journal open(
      Path directory, JournalLimits limits, HostFacts host, Runnable onWriterStart)
      throws IOException {
    JournalFile file = JournalFile.open(directory, limits, InstantSource.system());
    return start(file, limits, host, onWriterStart);
  }

  static Journal start(
      JournalFile file, JournalLimits limits, HostFacts host, Runnable onWriterStart) {
    Journal journal = new Journal(file, limits, host, onWriterStart);
    journal.thread.start();
    return journal;
  }

  /// Hands over a record.
  ///
  /// @return false if the queue was full or the journal is closed: the record is dropped and
  ///   counted
  public boolean offer(Entry entry) {
    boolean taken = !writer.isStopping() && ring.offer(entry);
    if (!taken) {
      dropped.getAndIncrement();
    }
    writer.wake();
    return taken;
  }

  /// Waits until every record taken before the call is written and forced to the disk, or counted
  /// as lost.
  ///
  /// @param patience the longest wait
  /// @return false if that took longer, or the thread was interrupted (it stays so)
  public boolean flush(Duration patience) {
    try {
      return writer.awaitFlush(patience.toNanos());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// The file that is being written.
  public Path path() {
    return path;
  }

  /// How many lines were written, LOSS notices of its own included.
  public long written() {
    return writer.written();
  }

  /// How many records are lost for ever: the queue was full, or the file could not be written.
  public long lost() {
    return dropped.get() + writer.failed();
  }

  /// How many attempts to write, set aside or force a file failed.
  public long fileErrors() {
    return writer.fileErrors();
  }

  /// The message of the newest failure, or null if there was none.
  public @Nullable String lastFileError() {
    return writer.lastFileError();
  }

  /// The digest of the newest line that is written, in lower-case hexadecimal: with it noted
  /// elsewhere, nobody can rewrite what was written up to now unnoticed (see [JournalChain]). Empty
  /// while nothing is written.
  public String head() {
    return writer.head();
  }

  /// Writes what is queued and ends the writer; waits for each at most 5 s. Idempotent.
  @Override
  public void close() {
    flush(CLOSE_PATIENCE);
    writer.stop();
    try {
      thread.join(CLOSE_PATIENCE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  static PlatformNotice lossNotice(long timeMillis, long count, String what) {
    return new PlatformNotice(
        timeMillis, PlatformNotice.Kind.LOSS, Long.toString(count), what + ": count=" + count);
  }
}
