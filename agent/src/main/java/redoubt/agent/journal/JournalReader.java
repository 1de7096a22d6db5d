package redoubt.agent.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads the journal of this host, also while the agent writes it.
///
/// What is no line of the journal (a line longer than [JournalLimits#MAX_LINE_BYTES], a torn one,
/// one that somebody else wrote there) is skipped and counted. Not thread-safe.
public final class JournalReader {
  private final Path directory;
  private long skippedLines;

  /// @param directory the journal's directory
  public JournalReader(Path directory) {
    this.directory = directory;
  }

  /// Reads one line of a journal, of whatever host, without its line feed. Any bytes are safe to
  /// give it.
  ///
  /// @return empty if it is no line of a journal
  public static Optional<JournalLine> parse(byte[] line) {
    return JournalLineParser.parse(line);
  }

  /// Visits the lines, the newest first, until the visitor answers false.
  ///
  /// Lines that are written meanwhile are not visited; files that are deleted meanwhile may not be.
  ///
  /// @throws IOException if the directory or a file in it cannot be read
  public void newestFirst(Predicate<JournalLine> visitor) throws IOException {
    Set<Object> seen = new HashSet<>();
    if (!visitCurrent(seen, visitor)) {
      return;
    }
    for (JournalFiles.Aside file : JournalFiles.listAside(directory).reversed()) {
      if (!visitFile(file.path(), seen, visitor)) {
        return;
      }
    }
  }

  /// Finds the newest line that the filter accepts.
  ///
  /// @throws IOException if the directory or a file in it cannot be read
  public Optional<JournalLine> findNewest(Predicate<JournalLine> filter) throws IOException {
    AtomicReference<@Nullable JournalLine> found = new AtomicReference<>();
    newestFirst(line -> {
      boolean match = filter.test(line);
      if (match) {
        found.set(line);
      }
      return !match;
    });
    return Optional.ofNullable(found.get());
  }

  /// Opens a follower that begins behind the last line there is now.
  ///
  /// @throws IOException if the directory cannot be watched
  public JournalFollower openFollower() throws IOException {
    return JournalFollower.open(directory);
  }

  /// How many lines this reader has skipped.
  public long skippedLines() {
    return skippedLines;
  }

  private boolean visitCurrent(Set<Object> seen, Predicate<JournalLine> visitor)
      throws IOException {
    return visitFile(directory.resolve(JournalFiles.CURRENT), seen, visitor);
  }

  /// Visits a file unless it was visited under another name: the writer may set it aside meanwhile.
  private boolean visitFile(Path path, Set<Object> seen, Predicate<JournalLine> visitor)
      throws IOException {
    JournalFiles.Opened opened;
    try {
      opened = JournalFiles.open(path);
    } catch (NoSuchFileException _) {
      return true;
    }
    try (FileChannel file = opened.file()) {
      return !seen.add(opened.key()) || visitLines(file, visitor);
    }
  }

  private boolean visitLines(FileChannel file, Predicate<JournalLine> visitor) throws IOException {
    BackwardLines lines = new BackwardLines(file);
    try {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        Optional<JournalLine> parsed = JournalLineParser.parse(line);
        if (parsed.isEmpty()) {
          skippedLines++;
        } else if (!visitor.test(parsed.get())) {
          return false;
        }
      }
      return true;
    } finally {
      skippedLines += lines.skipped();
    }
  }
}
