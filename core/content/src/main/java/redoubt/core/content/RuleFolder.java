package redoubt.core.content;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Finds an owner's rules and packs them as they are, for an engine to read: the same files give
/// the same archive, so that the same rules are the same content.
final class RuleFolder {
  private static final long MOST_BYTES = 256L << 20;

  /// The earliest that the format has.
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private RuleFolder() {}

  /// The files below a folder whose names end so, in the order of their paths; a file alone is
  /// taken whatever its name.
  ///
  /// @throws IOException if one cannot be read, there is none, or there are too many
  static List<Path> files(Path rules, int most, String... ends) throws IOException {
    List<Path> files = Files.isRegularFile(rules) ? List.of(rules) : below(rules, ends);
    if (files.isEmpty() || files.size() > most) {
      throw new IOException(
          "no folder of rules: rules=" + rules + " files=" + files.size() + " most=" + most);
    }
    return files;
  }

  private static List<Path> below(Path folder, String... ends) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> endsSo(file, ends) && Files.isRegularFile(file)).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// Whether a name ends in one of these, whatever its capitals.
  static boolean endsSo(Path file, String... ends) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return Arrays.stream(ends).anyMatch(name::endsWith);
  }

  /// What a file is called in an archive.
  static String nameOf(Path rules, Path file) {
    Path below = file.equals(rules) ? file.getFileName() : rules.relativize(file);
    return String.valueOf(below);
  }

  /// Writes an archive.
  ///
  /// @param entries the files by their names in it
  /// @param rules what the owner named, for messages
  /// @throws IOException if a file cannot be read, or they are too large
  static void pack(SequencedMap<String, Path> entries, Path rules, Path archive)
      throws IOException {
    long bytes = 0;
    try (OutputStream file = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (Map.Entry<String, Path> each : entries.entrySet()) {
        bytes += Files.size(each.getValue());
        if (bytes > MOST_BYTES) {
          throw new IOException("rules too large: rules=" + rules + " mostBytes=" + MOST_BYTES);
        }
        ZipEntry entry = new ZipEntry(each.getKey());
        entry.setTimeLocal(NO_TIME);
        zip.putNextEntry(entry);
        Files.copy(each.getValue(), zip);
        zip.closeEntry();
      }
    }
  }
}
