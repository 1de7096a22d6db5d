package redoubt.agent.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Checks whether every line of a journal follows from the one before it, also while the agent
/// writes it. See [LineChain] for the rule.
///
/// Who can write the journal's files can write a chain that is whole. It is the digest of a line,
/// noted where they cannot reach it (an anchor), that no rewritten journal can come to.
///
/// Not thread-safe. It needs a constant amount of memory, whatever the files hold.
public final class JournalChain {
  /// The most breaks that are described; more are counted.
  public static final int MOST_DESCRIBED = 100;

  private static final String UNMAPPED = "unmapped";
  private static final JsonFactory JSON = new JsonFactory();

  private final Path directory;

  /// @param directory the journal's directory
  public JournalChain(Path directory) {
    this.directory = directory;
  }

  /// A line that does not follow from the one before it.
  ///
  /// @param file where it is
  /// @param line its number in that file, from 1
  /// @param what what is wrong, for people
  public record Break(Path file, long line, String what) {}

  /// What was found.
  ///
  /// @param files how many files were read
  /// @param lines how many lines
  /// @param whole whether the oldest line is the first that this journal ever had: older files are
  ///   deleted when the journal has reached its size
  /// @param head the digest of the newest line: the anchor to note; empty if there is no line
  /// @param breaks the first breaks, the oldest first
  /// @param breakCount all of them
  /// @param afterAnchor how many lines follow the one whose digest was asked for, or -1 if there is
  ///   no such line
  public record Report(
      int files,
      long lines,
      boolean whole,
      String head,
      List<Break> breaks,
      long breakCount,
      long afterAnchor) {
    public Report {
      breaks = List.copyOf(breaks);
    }
  }

  /// The digest of the newest line; empty if there is none.
  ///
  /// @throws IOException if the directory or a file in it cannot be read
  public String head() throws IOException {
    return newestLine(directory)
        .map(line -> new LineChain().digest(ByteBuffer.wrap(line)))
        .orElse("");
  }

  /// Reads the whole journal.
  ///
  /// @param anchor the digest of a line to look for, in lower-case hexadecimal, or empty
  /// @throws IOException if the directory or a file in it cannot be read
  public Report check(String anchor) throws IOException {
    Walk walk = new Walk(anchor);
    // Opened before the others are listed: if it is set aside meanwhile, it is known by its inode.
    try (Current current = Current.open(directory)) {
      for (JournalFiles.Aside aside : JournalFiles.listAside(directory)) {
        JournalFiles.Opened opened;
        try {
          opened = JournalFiles.open(aside.path());
        } catch (NoSuchFileException _) {
          continue; // the oldest are deleted
        }
        if (current.is(opened)) {
          opened.file().close();
        } else {
          walk.read(aside.path(), opened);
        }
      }
      if (current.opened != null) {
        walk.read(directory.resolve(JournalFiles.CURRENT), current.opened);
      }
    }
    return walk.report();
  }

  /// The newest line of the files in a directory, without its line feed.
  static Optional<byte[]> newestLine(Path directory) throws IOException {
    List<Path> newestFirst = new ArrayList<>();
    newestFirst.add(directory.resolve(JournalFiles.CURRENT));
    JournalFiles.listAside(directory).reversed().forEach(file -> newestFirst.add(file.path()));
    for (Path path : newestFirst) {
      Optional<byte[]> line = lastLineOf(path);
      if (line.isPresent()) {
        return line;
      }
    }
    return Optional.empty();
  }

  /// Nothing if the file was set aside or deleted meanwhile: then an older one has the line.
  private static Optional<byte[]> lastLineOf(Path path) throws IOException {
    try (FileChannel file = JournalFiles.open(path).file()) {
      return Optional.ofNullable(new BackwardLines(file).next());
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /// What a line says of the one before it.
  ///
  /// @return the digest, empty for the first line of all, or null if it says nothing
  private static @Nullable String previousOf(byte[] line) {
    try (JsonParser json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean inside = json.currentName().equals(UNMAPPED);
        if (json.nextToken() == JsonToken.START_OBJECT && inside) {
          return previousIn(json);
        }
        json.skipChildren();
      }
      return null;
    } catch (IOException _) {
      return null;
    }
  }

  private static @Nullable String previousIn(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean found = json.currentName().equals(LineChain.MEMBER);
      if (json.nextToken() == JsonToken.VALUE_STRING && found) {
        return json.getText();
      }
      json.skipChildren();
    }
    return null;
  }

  private record Current(JournalFiles.@Nullable Opened opened) implements AutoCloseable {
    static Current open(Path directory) throws IOException {
      try {
        return new Current(JournalFiles.open(directory.resolve(JournalFiles.CURRENT)));
      } catch (NoSuchFileException _) {
        return new Current(null);
      }
    }

    boolean is(JournalFiles.Opened other) {
      return opened != null && opened.key().equals(other.key());
    }

    @Override
    public void close() throws IOException {
      if (opened != null) {
        opened.file().close();
      }
    }
  }

  /// One pass from the oldest line to the newest.
  private static final class Walk {
    private final LineChain chain = new LineChain();
    private final String anchor;
    private final List<Break> breaks = new ArrayList<>();
    private long breakCount;
    private int files;
    private long lines;
    private boolean whole = true;
    private String head = LineChain.BEGINNING;
    private long afterAnchor = -1;

    Walk(String anchor) {
      this.anchor = anchor;
    }

    void read(Path path, JournalFiles.Opened opened) throws IOException {
      files++;
      long number = 0;
      try (ForwardLines forward = new ForwardLines(opened.file(), 0)) {
        for (byte[] line = forward.next(); line != null; line = forward.next()) {
          number++;
          take(path, number, line);
        }
        if (forward.skipped() > 0) {
          add(path, number, "lines longer than the journal writes: count=" + forward.skipped());
        }
      }
    }

    private void take(Path path, long number, byte[] line) {
      String previous = previousOf(line);
      if (previous == null) {
        add(path, number, "it is no line of a chain");
      } else if (lines == 0) {
        whole = previous.equals(LineChain.BEGINNING);
      } else if (!previous.equals(head)) {
        add(path, number, "lines before it were changed, removed or inserted");
      }
      lines++;
      head = chain.digest(ByteBuffer.wrap(line));
      if (head.equals(anchor)) {
        afterAnchor = 0;
      } else if (afterAnchor >= 0) {
        afterAnchor++;
      }
    }

    private void add(Path path, long number, String what) {
      breakCount++;
      if (breaks.size() < MOST_DESCRIBED) {
        breaks.add(new Break(path, number, what));
      }
    }

    Report report() {
      return new Report(files, lines, whole, head, breaks, breakCount, afterAnchor);
    }
  }
}
