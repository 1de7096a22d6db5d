package redoubt.core.content;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Packs YARA rules and lists of digests for the scanner (`spec/scanner-content.md`): they are read
/// by the engine, which has no rights to lose.
public final class ScanArchive {
  private static final int MOST_FILES = 20_000;

  private ScanArchive() {}

  /// Whether what the owner names is more than one list of digests.
  public static boolean isNeededFor(Path content) {
    return Files.isDirectory(content) || RuleFolder.endsSo(content, ".yar", ".yara");
  }

  /// Writes the archive.
  ///
  /// @param content a file of rules, or a folder of which those that end in `.yar`, `.yara` or
  ///   `.hashes` are taken
  /// @throws IOException if one cannot be read, there is none, or there are too many
  public static void pack(Path content, Path archive) throws IOException {
    SequencedMap<String, Path> entries = new LinkedHashMap<>();
    for (Path file : RuleFolder.files(content, MOST_FILES, ".yar", ".yara", ".hashes")) {
      entries.putIfAbsent(RuleFolder.nameOf(content, file), file);
    }
    RuleFolder.pack(entries, content, archive);
  }
}
