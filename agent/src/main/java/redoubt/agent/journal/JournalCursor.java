package redoubt.agent.journal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the journal in order from a place that was reached before, also in an earlier run of the
/// agent, and over the setting aside of files. Not thread-safe.
///
/// One so slow that files are deleted before it comes to them goes on with the oldest that there
/// is, and says so.
public final class JournalCursor implements AutoCloseable {
  /// A place between two lines.
  ///
  /// @param file the number of the file: the one in its name once it is set aside
  /// @param offset how many bytes of it lie before
  public record Position(long file, long offset) {}

  private final Path directory;
  private long number;
  private @Nullable ForwardLines lines;
  private Object key = "";
  private long skipped;
  private boolean hasMissed;

  private JournalCursor(Path directory) {
    this.directory = directory;
  }

  /// Begins behind the last line that there is now.
  ///
  /// @throws IOException if the directory cannot be read
  public static JournalCursor atEnd(Path directory) throws IOException {
    JournalCursor cursor = new JournalCursor(directory);
    cursor.number = nextNumber(JournalFiles.listAside(directory));
    cursor.openNumber(Long.MAX_VALUE);
    return cursor;
  }

  /// Goes on where another one was.
  ///
  /// @throws IOException if the directory cannot be read
  public static JournalCursor at(Path directory, Position position) throws IOException {
    JournalCursor cursor = new JournalCursor(directory);
    cursor.number = position.file();
    if (!cursor.openNumber(position.offset()) && cursor.isBehind()) {
      cursor.goToOldest();
    }
    return cursor;
  }

  /// The next line without its line feed, null if there is none yet.
  ///
  /// @throws IOException if a file cannot be read
  public byte @Nullable [] next() throws IOException {
    while (true) {
      ForwardLines current = lines;
      if (current == null) {
        if (!openNumber(0)) {
          if (!isBehind()) {
            return null;
          }
          // It may have come, and have been set aside, while we looked.
          if (!openNumber(0)) {
            goToOldest();
          }
        }
        continue;
      }
      byte[] line = current.next();
      if (line != null || !isSetAside()) {
        return line;
      }
      // Nothing more comes into a file once it is set aside: what it has now is its rest.
      line = current.next();
      if (line != null) {
        return line;
      }
      closeLines();
      number = numberAfterOurs();
    }
  }

  /// How many lines were left out because they are longer than a line can be.
  long skipped() {
    return skipped + (lines == null ? 0 : lines.skipped());
  }

  /// Behind the last line returned.
  public Position position() {
    ForwardLines current = lines;
    return new Position(number, current == null ? 0 : current.position());
  }

  /// Whether lines were gone before this came to them, since the last call.
  public boolean takeMissed() {
    boolean missed = hasMissed;
    hasMissed = false;
    return missed;
  }

  @Override
  public void close() throws IOException {
    closeLines();
  }

  private void closeLines() throws IOException {
    ForwardLines closing = lines;
    lines = null;
    if (closing != null) {
      skipped += closing.skipped();
      closing.close();
    }
  }

  private static long nextNumber(List<JournalFiles.Aside> asides) {
    return asides.isEmpty() ? 1 : asides.getLast().number() + 1;
  }

  private boolean isSetAside() throws IOException {
    try {
      return !JournalFiles.key(directory.resolve(JournalFiles.CURRENT)).equals(key);
    } catch (NoSuchFileException _) {
      return JournalFiles.listAside(directory).stream().anyMatch(file -> file.number() == number);
    }
  }

  /// The number of the file that was begun after ours. Whoever takes files away by hand makes the
  /// writer count from the beginning.
  private long numberAfterOurs() throws IOException {
    List<JournalFiles.Aside> asides = JournalFiles.listAside(directory);
    for (int i = 0; i < asides.size(); i++) {
      if (hasOurs(asides.get(i))) {
        return i + 1 < asides.size() ? asides.get(i + 1).number() : nextNumber(asides);
      }
    }
    return number + 1;
  }

  private boolean hasOurs(JournalFiles.Aside file) throws IOException {
    try {
      return JournalFiles.key(file.path()).equals(key);
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  /// Whether another file is the one that is written now, or will be next.
  private boolean isBehind() throws IOException {
    return nextNumber(JournalFiles.listAside(directory)) != number;
  }

  private void goToOldest() throws IOException {
    hasMissed = true;
    List<JournalFiles.Aside> asides = JournalFiles.listAside(directory);
    number = asides.isEmpty() ? 1 : asides.getFirst().number();
    openNumber(0);
  }

  /// Opens the file that has the number, or will have it.
  ///
  /// @param offset a line's start; the file's end if it is longer
  /// @return whether there is one
  private boolean openNumber(long offset) throws IOException {
    JournalFiles.Opened opened = openAside().orElse(null);
    if (opened == null) {
      Optional<JournalFiles.Opened> current = openCurrent();
      // It may have been set aside while we looked: then what was opened can be the one after it.
      opened = openAside().orElse(null);
      if (opened == null) {
        opened = current.orElse(null);
      } else if (current.isPresent()) {
        current.get().file().close();
      }
    }
    if (opened == null) {
      return false;
    }
    key = opened.key();
    lines = new ForwardLines(opened.file(), Math.min(offset, opened.file().size()));
    return true;
  }

  private Optional<JournalFiles.Opened> openAside() throws IOException {
    for (JournalFiles.Aside file : JournalFiles.listAside(directory)) {
      if (file.number() == number) {
        try {
          return Optional.of(JournalFiles.open(file.path()));
        } catch (NoSuchFileException _) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /// The file that is being written, if it is the one that will have the number.
  private Optional<JournalFiles.Opened> openCurrent() throws IOException {
    if (isBehind()) {
      return Optional.empty();
    }
    try {
      return Optional.of(JournalFiles.open(directory.resolve(JournalFiles.CURRENT)));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }
}
