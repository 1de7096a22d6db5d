package redoubt.core.content;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Packs a folder of rules for an engine, as they are, with what fits them to this host: they are
/// read by the engine, which has no rights to lose.
///
/// The same files give the same archive, so that the same rules are the same content.
public final class RuleArchive {
  // What the engine knows them by (RuleFiles in engine/sigma).
  private static final String VALUES = ".redoubt/values.yml";
  private static final String PIPELINES = ".redoubt/pipelines/";

  private static final int MOST_FILES = 99_000;

  private RuleArchive() {}

  /// Writes the archive.
  ///
  /// @param rules a file, or a folder of which those that end in `.yml` or `.yaml` are taken
  /// @param values a file of values for placeholders
  /// @param pipelines files of pipelines
  /// @throws IOException if one cannot be read, there is none, or there are too many
  public static void pack(Path rules, Optional<Path> values, List<Path> pipelines, Path archive)
      throws IOException {
    List<Path> files = RuleFolder.files(rules, MOST_FILES, ".yml", ".yaml");
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
      entries.putIfAbsent(RuleFolder.nameOf(rules, each), each);
    }
    RuleFolder.pack(entries, rules, archive);
  }
}
