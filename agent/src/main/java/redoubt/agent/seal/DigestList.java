package redoubt.agent.seal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import redoubt.core.model.Sha256;

/// The digests of files, as `sha256sum` writes and checks them: one line each, the digest, two
/// blanks, the absolute path; in the order of the paths. Immutable.
///
/// @param digests by path
record DigestList(SortedMap<Path, Sha256> digests) {
  static final int MAX_FILES = 10_000;
  static final int MAX_BYTES = 4 << 20;

  private static final int DIGEST_CHARS = 2 * Sha256.LENGTH_BYTES;
  private static final String SEPARATOR = "  ";

  DigestList {
    digests = new TreeMap<>(digests);
  }

  /// Reads a list.
  ///
  /// @throws IOException naming the line that is none
  static DigestList parse(byte[] text) throws IOException {
    SortedMap<Path, Sha256> digests = new TreeMap<>();
    int number = 0;
    for (String line : decode(text).split("\n", -1)) {
      number++;
      if (line.isEmpty()) {
        continue;
      }
      if (digests.size() == MAX_FILES || !put(digests, line)) {
        throw new IOException("not a line of SHA256SUMS, or too many: line=" + number);
      }
    }
    return new DigestList(digests);
  }

  private static String decode(byte[] text) throws IOException {
    if (text.length > MAX_BYTES) {
      throw new IOException("too long: bytes=" + text.length + " limit=" + MAX_BYTES);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("not UTF-8", e);
    }
  }

  private static boolean put(SortedMap<Path, Sha256> digests, String line) {
    int pathStart = DIGEST_CHARS + SEPARATOR.length();
    if (line.length() <= pathStart || !line.startsWith(SEPARATOR, DIGEST_CHARS)) {
      return false;
    }
    String path = line.substring(pathStart);
    if (!isWritable(path)) {
      return false;
    }
    try {
      return digests.put(Path.of(path), Sha256.parse(line.substring(0, DIGEST_CHARS))) == null;
    } catch (IllegalArgumentException _) {
      // neither a digest nor a path
      return false;
    }
  }

  /// Whether a path can stand in the list as it is. `sha256sum` has a way to write the others,
  /// which no installation needs.
  static boolean isWritable(String path) {
    return path.startsWith("/") && path.chars().noneMatch(c -> c < ' ' || c == '\\' || c == 0x7f);
  }

  byte[] format() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Path, Sha256> entry : digests.entrySet()) {
      text.append(entry.getValue()).append(SEPARATOR).append(entry.getKey()).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
