package redoubt.agent;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Packs a folder of rules for an engine, as they are: they are read by the engine, which has no
/// rights to lose.
///
/// The same files give the same archive, so that the same rules are the same content.
final class RuleArchive {
  private static final int MOST_FILES = 100_000;
  private static final long MOST_BYTES = 256L << 20;

  /// The earliest that the format has.
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private RuleArchive() {}

  /// Writes the archive.
  ///
  /// @param rules a file, or a folder of which those that end in `.yml` or `.yaml` are taken
  /// @throws IOException if one cannot be read, there is none, or there are too many
  static void pack(Path rules, Path archive) throws IOException {
    List<Path> files = files(rules);
    if (files.isEmpty() || files.size() > MOST_FILES) {
      throw new IOException(
          "no folder of rules: rules=" + rules + " files=" + files.size() + " most=" + MOST_FILES);
    }
    long bytes = 0;
    try (OutputStream file = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (Path each : files) {
        bytes += Files.size(each);
        if (bytes > MOST_BYTES) {
          throw new IOException("rules too large: rules=" + rules + " mostBytes=" + MOST_BYTES);
        }
        ZipEntry entry = new ZipEntry(nameOf(rules, each));
        entry.setTimeLocal(NO_TIME);
        zip.putNextEntry(entry);
        Files.copy(each, zip);
        zip.closeEntry();
      }
    }
  }

  private static String nameOf(Path rules, Path file) {
    Path below = file.equals(rules) ? file.getFileName() : rules.relativize(file);
    return String.valueOf(below);
  }

  private static List<Path> files(Path rules) throws IOException {
    if (Files.isRegularFile(rules)) {
      return List.of(rules);
    }
    try (Stream<Path> all = Files.walk(rules)) {
      return all.filter(file -> isYaml(file) && Files.isRegularFile(file)).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isYaml(Path file) {
    String name = file.toString();
    return name.endsWith(".yml") || name.endsWith(".yaml");
  }
}
