package redoubt.engine.ransomware;

import java.util.Locale;
import java.util.Set;
import redoubt.core.model.HostEvent.FileContent;

/// What the content of a file and its name say about each other. Stateless.
///
/// Encrypted bytes are as random as bytes can be. So are packed ones, but they say in their first
/// bytes what they are: ransomware leaves nothing of that.
final class Likeness {
  /// How far below that of random bytes a part's entropy may be: in as few bytes, that of packed
  /// ones is not much lower.
  private static final double SLACK = 1.5;

  private static final double NATS_PER_BIT = Math.log(2);
  private static final int BYTE_VALUES = 256;

  /// Shorter ones cannot be told from text.
  private static final int LEAST_BYTES = 512;

  /// Endings of names that people give to files which are nothing random, or say what they are.
  private static final Set<String> KEPT_BY_PEOPLE =
      Set.of(
          "txt", "md", "csv", "tsv", "json", "xml", "html", "htm", "log", "conf", "cfg", "ini",
          "yml", "yaml", "sql", "tex", "rtf", "eml", "mbox", "ics", "vcf", "doc", "docx", "odt",
          "xls", "xlsx", "ods", "ppt", "pptx", "odp", "pdf", "ps", "epub", "jpg", "jpeg", "png",
          "gif", "tif", "tiff", "bmp", "webp", "svg", "raw", "heic", "psd", "mp3", "flac", "ogg",
          "wav", "m4a", "mp4", "mkv", "avi", "mov", "webm", "zip", "tar", "gz", "tgz", "bz2", "xz",
          "zst", "7z", "rar", "jar", "war", "deb", "rpm", "iso", "img", "qcow2", "vmdk", "vdi",
          "db", "sqlite", "mdb", "dbf", "bak", "dump", "c", "h", "cc", "cpp", "hpp", "java", "py",
          "js", "ts", "go", "rs", "rb", "php", "pl", "sh", "cs", "kt", "swift", "css", "key", "pem",
          "crt", "dwg", "dxf", "blend");

  private Likeness() {}

  /// Whether a part of a file is nothing but random bytes, and nothing says what they are.
  static boolean isUnreadable(FileContent content) {
    if (!content.format().isEmpty() || content.sizeBytes() < LEAST_BYTES) {
      return false;
    }
    int length = (int) Math.min(content.sizeBytes(), FileContent.PART_BYTES);
    return content.entropies().stream().anyMatch(entropy -> entropy >= leastMillibits(length));
  }

  /// Of as many random bytes, the entropy is a bit below 8: by (k - 1) / (2 n ln 2), in the mean
  /// (Miller 1955).
  private static long leastMillibits(int length) {
    double missing = (BYTE_VALUES - 1) / (2.0 * length * NATS_PER_BIT);
    return Math.round((8 - SLACK * missing) * 1_000);
  }

  /// Whether people would keep something readable under this name.
  static boolean isNameOfReadable(String path) {
    return KEPT_BY_PEOPLE.contains(ending(path));
  }

  /// The name without what was added to it: `plan.odt` of `plan.odt.locked`; empty if nothing can
  /// have been.
  static String withoutAddition(String path) {
    int dot = path.lastIndexOf('.');
    return dot <= path.lastIndexOf('/') + 1 ? "" : path.substring(0, dot);
  }

  private static String ending(String path) {
    int dot = path.lastIndexOf('.');
    return dot <= path.lastIndexOf('/') + 1 ? "" : path.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
