package redoubt.agent;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Packs a folder of rules for an engine, as they are, with what fits them to this host: they are
/// read by the engine, which has no rights to lose.
///
/// The same files give the same archive, so that the same rules are the same content.
final class RuleArchive {
  // What the engine knows them by (RuleFiles in engine/sigma).
  private static final String VALUES = ".redoubt/values.yml";
  private static final String PIPELINES = ".redoubt/pipelines/";

  private static final int MOST_FILES = 99_000;
  private static final long MOST_BYTES = 256L << 20;

  /// The earliest that the format has.
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private RuleArchive() {}

  /// Writes the archive.
  ///
  /// @param rules a file, or a folder of which those that end in `.yml` or `.yaml` are taken
  /// @param values a file of values for placeholders
  /// @param pipelines files of pipelines
  /// @throws IOException if one cannot be read, there is none, or there are too many
  static void pack(Path rules, Optional<Path> values, List<Path> pipelines, Path archive)
      throws IOException {
    List<Path> files = files(rules);
    if (files.isEmpty() || files.size() > MOST_FILES) {
      throw new IOException(
          "no folder of rules: rules=" + rules + " files=" + files.size() + " most=" + MOST_FILES);
    }
    SequencedMap<String, Path> entries = new LinkedHashMap<>();
    values.ifPresent(file -> entries.put(VALUES, file));
    for (int i = 0; i < pipelines.size(); i++) {
      entries.put(PIPELINES + "%03d.yml".formatted(i), pipelines.get(i));
    }
    for (Path each : entries.values()) {
      if (!Files.isRegularFile(each)) {
        throw new IOException("no such file for rules: file=" + each);
      }
    }
    for (Path each : files) {
      entries.putIfAbsent(nameOf(rules, each), each);
    }
    write(entries, rules, archive);
  }

  private static void write(SequencedMap<String, Path> entries, Path rules, Path archive)
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
