package redoubt.agent.journal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Follows the journal as it grows, over the setting aside of files, also before the first file is
/// there. Not thread-safe.
///
/// A follower so slow that files are deleted before it comes to them misses their lines.
public final class JournalFollower implements AutoCloseable {
  private static final int MOST_LINES_AT_ONCE = 1000;

  private final Path directory;
  private final WatchService watcher;
  private @Nullable ForwardLines lines;
  private Object key = "";
  private long skippedLines;

  private JournalFollower(Path directory, WatchService watcher) {
    this.directory = directory;
    this.watcher = watcher;
  }

  static JournalFollower open(Path directory) throws IOException {
    WatchService watcher = directory.getFileSystem().newWatchService();
    JournalFollower follower = new JournalFollower(directory, watcher);
    try {
      directory.register(
          watcher, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      follower.openCurrent(true);
      return follower;
    } catch (IOException | RuntimeException e) {
      follower.close();
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
      byte[] line = nextLine();
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
    return skippedLines + (lines == null ? 0 : lines.skipped());
  }

  @Override
  public void close() throws IOException {
    try (watcher) {
      closeLines();
    }
  }

  private byte @Nullable [] nextLine() throws IOException {
    while (true) {
      ForwardLines current = lines;
      if (current == null) {
        if (!openCurrent(false)) {
          return null;
        }
        continue;
      }
      byte[] line = current.next();
      if (line != null || !isSetAside()) {
        return line;
      }
      // Nothing more comes into a file once it is set aside: what it has now is its rest.
      line = current.next();
      if (line != null || !openNext()) {
        return line;
      }
    }
  }

  private boolean isSetAside() throws IOException {
    try {
      return !JournalFiles.key(current()).equals(key);
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  /// Goes on to the file that was begun after ours, false if it is not there yet.
  private boolean openNext() throws IOException {
    Optional<Path> next = findAsideAfterOurs();
    try {
      if (next.isEmpty()) {
        JournalFiles.Opened candidate = JournalFiles.open(current());
        // The current file is the next only if no other was set aside while we looked.
        next = findAsideAfterOurs();
        if (next.isEmpty() || hasKey(next.get(), candidate.key())) {
          adopt(candidate, 0);
          return true;
        }
        candidate.file().close();
      }
      adopt(JournalFiles.open(next.get()), 0);
      return true;
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  private Optional<Path> findAsideAfterOurs() throws IOException {
    boolean found = false;
    for (JournalFiles.Aside file : JournalFiles.listAside(directory)) {
      if (found) {
        return Optional.of(file.path());
      }
      found = hasKey(file.path(), key);
    }
    return Optional.empty();
  }

  private static boolean hasKey(Path path, Object key) throws IOException {
    try {
      return JournalFiles.key(path).equals(key);
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  private boolean openCurrent(boolean atEnd) throws IOException {
    try {
      JournalFiles.Opened opened = JournalFiles.open(current());
      adopt(opened, atEnd ? opened.file().size() : 0);
      return true;
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  private Path current() {
    return directory.resolve(JournalFiles.CURRENT);
  }

  private void adopt(JournalFiles.Opened opened, long position) throws IOException {
    closeLines();
    lines = new ForwardLines(opened.file(), position);
    key = opened.key();
  }

  private void closeLines() throws IOException {
    if (lines != null) {
      ForwardLines closing = lines;
      lines = null;
      skippedLines += closing.skipped();
      closing.close();
    }
  }
}
