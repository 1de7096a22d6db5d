package redoubt.agent.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Follows the journal as it grows, over the setting aside of files, also before the first file is
/// there. Not thread-safe.
///
/// A follower so slow that files are deleted before it comes to them misses their lines.
public final class JournalFollower implements AutoCloseable {
  private static final int MOST_LINES_AT_ONCE = 1000;

  private final JournalCursor cursor;
  private final WatchService watcher;
  private long skippedLines;

  private JournalFollower(JournalCursor cursor, WatchService watcher) {
    this.cursor = cursor;
    this.watcher = watcher;
  }

  static JournalFollower open(Path directory) throws IOException {
    WatchService watcher = directory.getFileSystem().newWatchService();
    try {
      directory.register(
          watcher, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      return new JournalFollower(JournalCursor.atEnd(directory), watcher);
    } catch (IOException | RuntimeException e) {
      watcher.close();
      throw e;
    }
  }

  /// Returns the lines that have come since the last call, at most 1,000, the oldest first; empty
  /// if there are none now.
  ///
  /// @throws IOException if a file cannot be read
  public List<JournalLine> poll() throws IOException {
    List<JournalLine> found = new ArrayList<>();
    while (found.size() < MOST_LINES_AT_ONCE) {
      byte[] line = cursor.next();
      if (line == null) {
        break;
      }
      JournalLineParser.parse(line).ifPresentOrElse(found::add, () -> skippedLines++);
    }
    return found;
  }

  /// Waits until the journal has changed since the last call, or the patience is at its end.
  public void await(Duration patience) throws InterruptedException {
    WatchKey change = watcher.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (change != null) {
      change.pollEvents();
      change.reset();
    }
  }

  /// How many lines this follower has skipped because they are no lines of the journal.
  public long skippedLines() {
    return skippedLines + cursor.skipped();
  }

  @Override
  public void close() throws IOException {
    try (watcher) {
      cursor.close();
    }
  }
}
