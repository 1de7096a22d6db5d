package redoubt.agent.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names in the journal's directory.
///
/// The current file is `journal.jsonl`; one set aside is `journal-20261123T011500Z-7.jsonl`: when
/// it was set aside (UTC), and a number that only grows. The number gives the order, because a
/// clock can step back.
final class JournalFiles {
  /// The name of the file that is being written.
  static final String CURRENT = "journal.jsonl";

  private static final Pattern ASIDE =
      Pattern.compile("journal-[0-9]{8}T[0-9]{6}Z-([0-9]{1,18})\\.jsonl");
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private JournalFiles() {}

  /// A file set aside.
  record Aside(Path path, long number) {}

  /// The files set aside, oldest first.
  static List<Aside> listAside(Path directory) throws IOException {
    List<Aside> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        parse(entry).ifPresent(found::add);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    found.sort(Comparator.comparingLong(Aside::number));
    return found;
  }

  /// The name for the next file to be set aside.
  static Path nextAside(Path directory, List<Aside> existing, Instant now) {
    long number = existing.isEmpty() ? 1 : existing.getLast().number() + 1;
    return directory.resolve("journal-" + STAMP.format(now) + "-" + number + ".jsonl");
  }

  /// Opens a file for reading together with its identity, which a new name does not change.
  ///
  /// @throws java.nio.file.NoSuchFileException if it is gone
  static Opened open(Path path) throws IOException {
    while (true) {
      Object key = key(path);
      FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
      try {
        if (key.equals(key(path))) {
          return new Opened(file, key);
        }
      } catch (IOException e) {
        file.close();
        throw e;
      }
      file.close();
    }
  }

  /// The identity of the file that has the name now.
  static Object key(Path path) throws IOException {
    return Objects.requireNonNull(
        Files.readAttributes(path, BasicFileAttributes.class).fileKey(), "inode");
  }

  /// An open file and its identity.
  record Opened(FileChannel file, Object key) {}

  private static Optional<Aside> parse(Path path) {
    Matcher name = ASIDE.matcher(path.getFileName().toString());
    return name.matches()
        ? Optional.of(new Aside(path, Long.parseLong(name.group(1))))
        : Optional.empty();
  }
}
