package redoubt.engine.scanner;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import redoubt.engine.kit.PositionedBytes;

/// A loaded list of digests: who stands on it, and under which name. Immutable.
///
/// Digests and names stay in the payload; memory holds a small table that says where to look, and
/// each find is compared with its line. So a lookup that finds nothing reads nothing, but for one
/// in some 68,000 with a million entries.
final class HashList {
  /// Who stands on the list.
  ///
  /// @param algorithm by which digest
  /// @param digest the digest, lower-case hexadecimal
  /// @param name the name on the list, empty for none
  record Entry(Algorithm algorithm, String digest, String name) {}

  private final PositionedBytes payload;
  private final Map<Algorithm, HashTable> tables;
  private final long entries;

  HashList(PositionedBytes payload, Map<Algorithm, HashTable> tables, long entries) {
    this.payload = payload;
    this.tables = new EnumMap<>(tables);
    this.entries = entries;
  }

  /// The algorithms that entries use, never none.
  Set<Algorithm> algorithms() {
    return Set.copyOf(tables.keySet());
  }

  /// How many lines are entries; a digest that stands there twice counts twice.
  long entries() {
    return entries;
  }

  /// Looks a digest up.
  ///
  /// @param digest in lower-case hexadecimal
  /// @throws IOException if the payload cannot be read
  Optional<Entry> find(Algorithm algorithm, String digest) throws IOException {
    HashTable table = tables.get(algorithm);
    if (table == null) {
      return Optional.empty();
    }
    long prefix = Long.parseLong(digest, 0, HashLine.PREFIX_DIGITS, 16);
    for (int i = table.first(prefix); table.matches(i, prefix); i++) {
      HashLine line = readLine(table.offset(i));
      if (line.hasDigest(digest)) {
        return Optional.of(new Entry(algorithm, digest, line.name()));
      }
    }
    return Optional.empty();
  }

  private HashLine readLine(long offset) throws IOException {
    byte[] bytes = new byte[HashListReader.MAX_LINE_BYTES];
    int length = 0;
    int count = payload.read(bytes, 0, bytes.length, offset);
    while (count > 0) {
      length += count;
      count = payload.read(bytes, length, bytes.length - length, offset + length);
    }
    HashLine line = new HashLine();
    line.parse(bytes, 0, lineEnd(bytes, length));
    return line;
  }

  private static int lineEnd(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return length;
  }
}
